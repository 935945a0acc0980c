"""Random documents without articles: small, with many ties and matches."""

import base64
import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from index.analysis.kinds import KINDS
from index.analysis.segmenter import Layers
from index.article import DateOrigin
from index.document import Document
from index.duplicates.minhash import BANDS, NO_SKETCH
from index.engines.api import KEYWORD_FIELDS, Engine, Generation, Snapshot, Sort
from index.engines.queries import Query
from index.lexicon.model import Lexicon
from index.text.dates import SHANGHAI

TOKENS = ("数字", "数字人民币", "数据", "银行", "nft", "nfts", "v3", "uniswap_v3", "元宇宙", "𠀀")
CHARACTERS = "的是银行数字人民币元abnft0%,。 😀𠀀魑"
"""Some whose pairs are indexed, some rare ones, some outside the first plane."""
SOURCES = ("链上观察", "财经日报", "转载网", None)
AUTHORS = ("林小满", None)
CATEGORIES = ("元宇宙", "资讯", "数字货币")
CREDITED = (None, "新华社", "💰财经")
TOPICS = ("DeFi", "支付", "挖矿")
ORGANISATIONS = ("中国人民银行", "蚂蚁集团")
TIMES = (None, -3_600, 0, 1_662_350_400, 1_662_350_401, 1_662_393_600, 1_700_000_000)
DATE_ORIGINS: tuple[DateOrigin, ...] = ("given", "address", "text", "file", "seen")
STORIES = ("s1", "s2", "s3", "s4", "s5")

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
STORED = (
    "id",
    "url",
    "title",
    "author",
    "source",
    "categories",
    "topics",
    "organisations",
    "kinds",
    "published",
    "date_origin",
    "credited",
    "first_seen",
    "indexed_at",
    "content_hash",
    "story",
    "sketch",
    "word_boundaries",
    "normalized",
    "text",
    "body",
    "body_format",
)
"""Every field that `Snapshot.stored` may be asked for."""
COUNTED = [*(name for name in KEYWORD_FIELDS if name != "id"), "day", "month", "year"]
"""Every field that may be a facet."""


def random_documents(seed: int, ids: Sequence[str]) -> list[Document]:
    random = Random(seed)
    return [random_document(random, name) for name in ids]


def random_document(random: Random, name: str) -> Document:
    title, text = _line(random), "\n".join(_line(random) for _ in range(random.randrange(4)))
    published = random.choice(TIMES)
    day = _day(published)
    return Document(
        id=name,
        url=f"https://news.example.com/{name}",
        title=title.upper(),
        text=text.upper(),
        normalized=f"{title}\n{text}",
        body=f"<p>{text}</p>",
        body_format=random.choice(("html", "markdown", "text")),
        author=random.choice(AUTHORS),
        source=random.choice(SOURCES),
        credited=random.choice(CREDITED),
        categories=_some(random, CATEGORIES),
        topics=_some(random, TOPICS),
        organisations=_some(random, ORGANISATIONS),
        kinds=_some(random, KINDS),
        published=published,
        date_origin=random.choice(DATE_ORIGINS) if published is not None else "none",
        day=day,
        month=day // 100 if day else None,
        year=day // 10_000 if day else None,
        first_seen=random.randrange(1_000_000),
        indexed_at=random.randrange(1_000_000, 2_000_000),
        content_hash=f"{random.randrange(1 << 30):x}",
        story=random.choice(STORIES),
        sketch=_sketch(random),
        word_boundaries=f"word_boundaries of {name}",
        url_tokens=("news.example.com", name),
        title_layers=_layers(random, 4),
        text_layers=_layers(random, 12),
    )


def _sketch(random: Random) -> str:
    """A fifth have none; one in twenty of the others shares a band with another."""
    if random.random() < 0.2:
        return NO_SKETCH
    values = [random.randrange(20 * BANDS) for _ in range(BANDS)]
    return base64.b64encode(struct.pack(f"<{BANDS}I", *values)).decode()


def plain(name: str, **values: object) -> Document:
    """A document with the given fields; the others have fixed values."""
    document = random_documents(0, [name])[0]
    layers = Layers("银行", "", "")
    fixed = replace(
        document, title_layers=layers, text_layers=layers, published=None, date_origin="none"
    )
    return replace(fixed, **values)  # type: ignore[arg-type]


def build(
    engine: Engine,
    batches: Sequence[Sequence[Document]],
    *,
    base: str | None = None,
    removed: Sequence[str] = (),
) -> Generation:
    """Builds a generation of these batches and publishes it."""
    writer = engine.build(Lexicon(topics=("DeFi",)), base=base, sources=("/news",))
    for batch in batches:
        writer.add(engine.pack(batch))
    writer.remove(removed)
    generation = writer.commit()
    engine.publish(generation.name)
    return generation


def ids_of(snapshot: Snapshot, query: Query, sort: Sort = "relevance") -> list[str]:
    return [match.id for match in snapshot.match(query, sort=sort, limit=1_000).matches]


def one_segment(engine: Engine) -> dict[str, Document]:
    made = random_documents(1, [f"a{number:02}" for number in range(40)])
    build(engine, [made[:25], made[25:]])
    return {document.id: document for document in made}


def _line(random: Random) -> str:
    return "".join(random.choices(CHARACTERS, k=random.randrange(1, 12)))


def _some(random: Random, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in values if random.random() < 0.4)


def _layers(random: Random, most: int) -> Layers:
    def tokens() -> str:
        return " ".join(random.choices(TOKENS, k=random.randrange(most)))

    return Layers(tokens(), tokens(), tokens())


def _day(published: int | None) -> int | None:
    if published is None:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=published)
    local = moment.astimezone(SHANGHAI)
    return local.year * 10_000 + local.month * 100 + local.day
