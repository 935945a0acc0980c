"""Parts of the Tantivy adapter: row files, characters as tokens, score tiers."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import tantivy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.engines.character_tokens import (
    character_fields,
    characters,
    decode_surrogates,
    encode_surrogates,
    pairs,
)
from index.engines.queries import All, And, AnyTerm, Boost, Or, Query, Range, Substring, Term
from index.engines.registry import open_engine
from index.engines.tantivy import sorting
from index.engines.tantivy.article_store import ArticleStore
from index.engines.tantivy.pack import pack
from index.engines.tantivy.row_files import Live, RowReader, RowWriter
from index.engines.tantivy.schema import HEAD, NUMBER
from index.engines.tantivy.score_tiers import LiftedMatches, Tally, score_tiers
from index.engines.tantivy.writer import TantivyWriter
from index.errors import EngineUnavailable, IndexDamaged
from index.settings import Settings
from tests.support.documents import build, random_documents

pytestmark = pytest.mark.tantivy


def _everyone(first: int, end: int) -> Sequence[int]:
    return range(first, end)


def _write(folder: Path, first: int, rows: list[str], live: Live = _everyone) -> None:
    writer = RowWriter(folder, "rows", first)
    for row in rows:
        writer.add(row.encode())
    writer.close(live)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("rows-*.bin"))


def _read(folder: Path, numbers: Sequence[int]) -> list[str]:
    return [row.decode() for row in RowReader(folder, "rows").read(numbers)]


def test_rows_of_many_updates(tmp_path: Path) -> None:
    """Every article keeps its row; merging keeps the files few."""
    _write(tmp_path, 0, [f"行{number}" for number in range(50)])
    for first in range(50, 80, 2):
        _write(tmp_path, first, [f"行{first}", f"行{first + 1}"])

    assert 1 < len(_files(tmp_path)) <= 4
    assert _read(tmp_path, [79, 0, 50, 17, 17]) == ["行79", "行0", "行50", "行17", "行17"]


def test_rows_of_deleted_articles(tmp_path: Path) -> None:
    """Rows of deleted articles are dropped when files are merged; no other row moves."""
    _write(tmp_path, 0, ["甲" * 1_000, "乙"])
    _write(
        tmp_path,
        2,
        ["丙" * 1_000, "丁"],
        lambda first, end: [n for n in (3, 1) if first <= n < end],
    )

    (file,) = _files(tmp_path)
    assert file.stat().st_size < 1_000
    assert _read(tmp_path, [1, 3]) == ["乙", "丁"]


def test_merging_keeps_the_old_files(tmp_path: Path) -> None:
    """Old files may be hard links of another generation."""
    _write(tmp_path, 0, ["甲"])
    (linked := tmp_path / "linked").mkdir()
    for file in _files(tmp_path):
        (linked / file.name).hardlink_to(file)
    _write(linked, 1, ["乙"])

    assert _read(tmp_path, [0]) == ["甲"]
    assert _read(linked, [0, 1]) == ["甲", "乙"]


def test_rows_longer_than_a_page(tmp_path: Path) -> None:
    """Long rows are announced to the system before they are read; empty ones too."""
    texts = ["", "甲" * 3_000, "", "乙" * 5_000, "丙", ""]
    _write(tmp_path, 0, texts)
    rows = RowReader(tmp_path, "rows", long=True).read([3, 0, 1, 2, 4, 5])

    assert [row.decode() for row in rows] == [texts[at] for at in (3, 0, 1, 2, 4, 5)]


def test_no_long_rows_at_all(tmp_path: Path) -> None:
    """All articles may be without a text."""
    _write(tmp_path, 0, ["", ""])

    assert RowReader(tmp_path, "rows", long=True).read([1, 0]) == [b"", b""]


def test_a_file_that_was_cut_short(tmp_path: Path) -> None:
    """A truncated file is IndexDamaged."""
    (tmp_path / "rows-000000000000000.bin").write_bytes(b"\x00" * 7 + b"\xff")

    with pytest.raises(IndexDamaged, match="rows-"):
        RowReader(tmp_path, "rows")


@given(st.text(st.characters()))
def test_any_string_comes_back(text: str) -> None:
    """Lone surrogates, which Tantivy refuses, are stored as private characters."""
    encode_surrogates(text).encode()  # lone surrogates would raise
    if not any(ord(character) >= 0x10F800 for character in text):
        assert decode_surrogates(encode_surrogates(text)) == text


@given(st.text(st.characters()))
def test_characters_are_tokens(text: str) -> None:
    """There is one token for each character, none is white space, and each begins a pair."""
    tokens = characters(text)

    assert len(tokens) == len(text) == len(pairs(tokens))
    assert not any(token.isspace() for token in tokens)


@given(st.text(st.characters()))
def test_fields_of_characters(text: str) -> None:
    """Every visible character once, and the pairs of title and text, all as tokens."""
    title, _, body = text.partition("\n")

    assert character_fields(text) == {
        "characters": " ".join(characters("".join(sorted(set(text) - {"\n"})))),
        "title_pairs": " ".join(pairs(characters(title))),
        "text_pairs": " ".join(pairs(characters(body))),
    }


BEGINS = (AnyTerm("text_words", ("数字", "数据")), AnyTerm("text_fine", ("nft",)))
QUOTED, DATED, WORD = Substring("银行"), Range("day", 20220101), Term("text_words", "银行")
STEPS: dict[str, tuple[Query, Tally | LiftedMatches | None]] = {
    "a prefix in two fields": (Or(BEGINS), Tally(BEGINS, 1.0)),
    "more tiers than searches are worth": (Or((*BEGINS, *BEGINS, QUOTED)), None),
    "within a time": (And((Or(BEGINS), DATED)), Tally(BEGINS, 1.0, (DATED,))),
    "a quote": (QUOTED, Tally((QUOTED,), 1.0)),
    "only filters": (DATED, Tally((DATED,), 0.0)),
    "a quote with its words": (
        And((QUOTED, Or((All(), WORD)))),
        LiftedMatches((QUOTED,), 1.0, (WORD,)),
    ),
    "a quote and a time": (
        And((And((QUOTED, Or((All(), WORD)))), DATED)),
        LiftedMatches((QUOTED, DATED), 1.0, (WORD,)),
    ),
    "a long quote with its words": (And((Substring("人民银行"), Or((All(), WORD)))), None),
    "a quote or what counts nothing": (And((QUOTED, Or((All(), Or((WORD, DATED)))))), None),
    "a word": (WORD, None),
    "a prefix or a word": (Or((BEGINS[0], WORD)), None),
    "one counts more": (Or((BEGINS[0], Boost(BEGINS[1], 2.0))), None),
    "two that score": (And((Or(BEGINS), QUOTED)), None),
}


@pytest.mark.parametrize(("query", "steps"), STEPS.values(), ids=STEPS)
def test_score_tiers(query: Query, steps: Tally | LiftedMatches | None) -> None:
    """The tiers of queries whose matches have few different scores."""
    assert score_tiers(query) == steps


def test_many_that_tie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ties read in one step give the same matches in the same order as ties read in several."""
    engine = open_engine(Settings(engine="tantivy", index_dir=tmp_path))
    names = [f"a{number:03d}" for number in range(200)]
    build(engine, [random_documents(3, names)])
    snapshot = engine.open()
    query = Or((BEGINS[0], Boost(BEGINS[1], 2.0)))
    assert score_tiers(query) is None
    all_read = snapshot.match(query, limit=len(names)).matches
    assert len({match.score for match in all_read}) < len(all_read) / 10
    monkeypatch.setattr(sorting, "MANY_MATCHES", 5)
    monkeypatch.setattr(sorting, "TIE_MARGIN", 1)
    for limit in (1, 10, 50, len(all_read) - 2):
        assert snapshot.match(query, limit=limit).matches == all_read[:limit]
    snapshot.close()


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error says what to install."""
    import sys  # noqa: PLC0415

    from index.engines.registry import open_engine  # noqa: PLC0415

    for name in [name for name in sys.modules if name.startswith("index.engines.tantivy")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tantivy", None)
    with pytest.raises(EngineUnavailable, match="make install EXTRAS=tantivy"):
        open_engine(Settings(index_dir=tmp_path, engine="tantivy"))


def test_updates_delete_merged_files(tmp_path: Path) -> None:
    """Eight segments are merged to one, and the files of the eight are deleted. Until then each
    update adds a segment of its 25 articles, and what it replaces stays."""
    names = [f"a{number}" for number in range(400)]
    sizes = []
    for seed, some in enumerate([names, *(names[at : at + 25] for at in range(0, 400, 25))]):
        writer = TantivyWriter(tmp_path)
        writer.add(pack(random_documents(seed, some)))
        writer.remove(some)
        writer.commit()
        sizes.append(sum(path.stat().st_size for path in tmp_path.iterdir()))

    assert max(sizes) < 1.7 * sizes[0]
    assert all(min(sizes[at : at + 8]) < 1.2 * sizes[0] for at in (1, 9))


STEPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=7)


@settings(max_examples=30, deadline=None)
@given(STEPS)
@example([(1, 0), (0, 1), (1, 0), (1, 0)])
def test_no_number_is_given_twice(steps: list[tuple[int, int]]) -> None:
    """Each step removes the articles that came last, and adds others: what is read is always that
    of the article that was found."""
    kept: dict[str, str] = {}
    made = 0
    with TemporaryDirectory() as name:
        for added, removed in [(5, 0), *steps]:
            gone = [*kept][-removed:] if removed else []
            documents = random_documents(made, [f"a{made + at}" for at in range(added)])
            made += added
            writer = TantivyWriter(Path(name))
            writer.add(pack(documents))
            writer.remove(gone)
            writer.commit()
            kept = {each: text for each, text in kept.items() if each not in gone}
            kept |= {document.id: document.normalized for document in documents}
            assert _texts_found(Path(name)) == kept


def _texts_found(folder: Path) -> dict[str, str]:
    """The normalised text of every article in the index, by the id that is stored with it."""
    searcher = tantivy.Index.open(str(folder)).searcher()
    everything = searcher.search(tantivy.Query.all_query(), 100, order_by_field=NUMBER).hits
    numbers = [int(number) for number, _ in everything]
    store = ArticleStore(folder)
    names = [json.loads(searcher.doc(at).to_dict()[HEAD][0])["id"] for _, at in everything]
    assert [found for found, _ in store.names(numbers)] == names
    assert set(store.states(numbers)) == set(names)
    return dict(zip(names, store.normalized(numbers), strict=True))
