"""Whether near-copies are found and nothing else, and what that costs: docs/how/stories.md.

python -m benchmarks.quality.stories CORPUS --reposts REPOSTS.jsonl
"""

import argparse
import json
import random
import re
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations, islice
from pathlib import Path

from index.article import Article
from index.document import Arrival, Draft, drafts, epoch
from index.duplicates.grouping import assign_stories, candidates
from index.duplicates.members import Member, PackedMembers
from index.duplicates.minhash import STORY_MIN, letters
from index.duplicates.same_story import StoryEvidence
from index.sources.reader import read_articles
from index.text.dates import DAY_SECONDS
from index.text.normalize import normalize

BATCH = 500
LONG_DAYS = 3
"""Stories that took longer are listed, to be looked at."""
ADDED = (
    "本报记者从多个渠道获悉了以下消息。",
    "以上是本台今天为您带来的全部内容。",
    "（实习生何一苇对本文亦有贡献）",
    "免责声明：以上内容仅供参考，不构成任何投资建议。",
)
"""What a made copy has before or after the text."""
LENGTHS = ((40, 100), (100, 200), (200, 500), (500, 2_000), (2_000, 10**9))

NUMBER = re.compile("[0-9一二三四五六七八九十百千万亿〇零两]+")
TITLES = ("转：{}", "【快讯】{}", "{}（全文）", "另一个题目")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Stories by article; `seconds` to sketch and to join; `peak` MB of memory used by then."""

    drafts: dict[str, Draft]
    stories: dict[str, str]
    candidates: int
    seconds: tuple[float, float]
    peak: float

    def groups(self) -> list[list[str]]:
        """Articles of each story with several articles, the largest first."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for name, story in self.stories.items():
            groups[story].append(name)
        return sorted((g for g in groups.values() if len(g) > 1), key=lambda g: (-len(g), g))


def find(articles: Iterable[Article]) -> Found:
    """The stories of these articles, in this process."""
    made: dict[str, Draft] = {}
    arrivals = (Arrival(article, "", 0, 0) for article in articles)
    sketching = 0.0
    while batch := list(islice(arrivals, BATCH)):
        started = time.perf_counter()
        made |= {draft.arrival.article.id: draft for draft in drafts(batch)}
        sketching += time.perf_counter() - started
    members = PackedMembers.of(
        {name: Member(_time(draft), draft.sketch) for name, draft in made.items()}
    )
    names = [*made]

    def evidence(number: int) -> StoryEvidence:
        draft = made[names[number]]
        return StoryEvidence(normalize(draft.title), normalize(draft.text), _time(draft))

    started = time.perf_counter()
    earliest = assign_stories(members, evidence)
    joining = time.perf_counter() - started
    stories = {name: names[first] for name, first in zip(names, earliest.tolist(), strict=True)}
    compared = sum(1 for _ in candidates(members))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Found(made, stories, compared, (sketching, joining), peak)


def _time(draft: Draft) -> int | None:
    return epoch(draft.arrival.article.published)


def known_groups(path: Path) -> list[list[str]]:
    return [json.loads(line)["members"] for line in path.read_text("utf-8").splitlines()]


def pairs(groups: Iterable[Sequence[str]], among: frozenset[str]) -> set[Pair]:
    """Every two articles of a group, as far as both are `among` the judged ones."""
    return {pair for group in groups for pair in combinations(sorted(among.intersection(group)), 2)}


def f1(found: Iterable[Sequence[str]], known: Sequence[Sequence[str]]) -> tuple[float, set[Pair]]:
    """Pairwise F1 over the articles of the known groups, and the wrong pairs."""
    among = frozenset(name for group in known for name in group)
    given, wanted = pairs(found, among), pairs(known, among)
    return 2 * len(given & wanted) / (len(given) + len(wanted)), given ^ wanted


def suspicious(found: Found) -> Iterator[tuple[str, list[str]]]:
    """(why, articles) of stories that may be a series, to be checked by hand."""
    for group in found.groups():
        times = [time for name in group if (time := _time(found.drafts[name])) is not None]
        titles = {normalize(found.drafts[name].title) for name in group}
        masked = {
            re.sub(r"[0-9一二三四五六七八九十百千万亿〇零两]+", "#", title) for title in titles
        }
        if times and max(times) - min(times) > LONG_DAYS * DAY_SECONDS:
            yield "long", group
        if len(masked) < len(titles):
            yield "numbers", group


def copies(articles: Sequence[Article], count: int) -> dict[str, Article]:
    """Synthetic reposts of `count` articles: a line added, a sentence removed, another title,
    later."""
    draw = random.Random(1)
    made = {}
    for article in draw.sample(articles, count):
        (draft,) = drafts([Arrival(article, "", 0, 0)])
        sentences = re.split(r"(?<=[。！？\n])", draft.text)
        if len(sentences) > 3 and draw.random() < 0.5:
            del sentences[draw.randrange(len(sentences))]
        line = draw.choice(ADDED)
        body = "".join([line, *sentences] if draw.random() < 0.5 else [*sentences, "\n", line])
        title = draw.choice(("转：{}", "【快讯】{}", "{}（全文）", "另一个题目")).format(
            article.title
        )
        when = article.published and article.published + timedelta(hours=draw.randrange(120))
        copy = replace(article, id=f"made-{article.id}", title=title, body=body, published=when)
        made[article.id] = replace(copy, body_format="text", source="转载网")
    return made


def recalled(found: Found, made: Mapping[str, Article]) -> Iterator[tuple[str, int, int]]:
    """By length in letters: how many copies were made, and how many joined their original."""
    counts: Counter[tuple[int, int]] = Counter()
    joined: Counter[tuple[int, int]] = Counter()
    for name, copy in made.items():
        size = len(letters(normalize(found.drafts[name].text)))
        for low, high in LENGTHS:
            if low <= size < high:
                counts[low, high] += 1
                joined[low, high] += found.stories[name] == found.stories[copy.id]
    for low, high in LENGTHS:
        yield f"{low}–{high}" if high < 10**9 else f"≥ {low}", counts[low, high], joined[low, high]


def _report(found: Found, known: Sequence[Sequence[str]]) -> None:
    groups = found.groups()
    score, wrong = f1(groups, known)
    print(
        f"articles {len(found.stories):,}, told more than once: {len(groups)} stories of ", end=""
    )
    print(f"{sum(map(len, groups))} articles, the biggest {[len(group) for group in groups[:10]]}")
    print(f"known groups {len(known)}: pairwise F1 {score:.3f}; wrong pairs {sorted(wrong)}")
    print("clean and sketch {:.1f} s, join {:.1f} s (one process); ".format(*found.seconds), end="")
    print(f"candidate pairs {found.candidates:,}; peak {found.peak:,.0f} MB with all texts")
    for why, group in suspicious(found):
        print(why, *(f"{name} {found.drafts[name].title[:40]}" for name in group), sep="\n    ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--reposts", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=2_000)
    asked = parser.parse_args()
    articles = [item for item in read_articles([asked.corpus]) if isinstance(item, Article)]
    _report(find(articles), known_groups(asked.reposts))
    long = [article for article in articles if len(article.body) >= 3 * STORY_MIN]
    made = copies(long, asked.copies)
    print("made copies: letters, copies, joined")
    for row in recalled(find([*articles, *made.values()]), made):
        print("    {}  {}  {}".format(*row))


if __name__ == "__main__":
    main()
