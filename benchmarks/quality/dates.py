"""Precision and recall of estimated dates in docs/run/articles.md.

python -m benchmarks.quality.dates CORPUS

First against 200 articles read by hand (dates.tsv), then against every given date, which is hidden
for it. One day off counts as right: texts and addresses are often written on the eve.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time

from index.article import Article
from index.dating.address_dates import address_date, last_day_of_folder
from index.dating.dateline import stated_date
from index.sources.reader import read_articles
from index.text.dates import SHANGHAI
from index.text.html import plain_text
from index.text.normalize import normalize

JUDGED = Path(__file__).with_name("dates.tsv")
ORIGINS = ("address", "text")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a reader found in the address and in the text. `guessed`: not stated in the text, but a
    reader would take it."""

    stated: Mapping[str, date | None]
    guessed: bool


@dataclass(frozen=True, slots=True)
class Estimates:
    """What the rules find in one article, and the date that was given, by day in Shanghai."""

    id: str
    given: date | None
    found: Mapping[str, date | None]

    @property
    def best(self) -> tuple[str, date] | None:
        """The estimate that an undated article gets, with its origin."""
        dated = ((origin, day) for origin in ORIGINS if (day := self.found[origin]))
        return next(dated, None)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over articles: with a date found, with the right one, with one stated."""

    found: int
    right: int
    stated: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.stated if self.stated else 1.0


def read_judged(path: Path = JUDGED) -> dict[str, Judged]:
    lines = (line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {name: _judged(*cells) for name, *cells in (line.split("\t") for line in lines)}


def _judged(address: str, text: str) -> Judged:
    guessed = text.startswith("~")
    stated = {"address": _day(address), "text": None if guessed else _day(text)}
    return Judged(stated, guessed)


def _day(cell: str) -> date | None:
    return None if cell == "-" else date.fromisoformat(cell)


def estimates(articles: Iterable[Article]) -> Iterator[Estimates]:
    """The text is read with the period that the address says, and the address by itself."""
    for article in articles:
        in_address = address_date(article.url)
        latest = in_address or last_day_of_folder(article.url)
        text = normalize(plain_text(article.body, article.body_format))
        given = article.date_origin == "given" and article.published
        day = given.astimezone(SHANGHAI).date() if given else None
        found = {"address": in_address, "text": stated_date(text, latest)}
        yield Estimates(article.id, day, found)


def score(found: Iterable[Estimates], judged: Mapping[str, Judged], origin: str) -> Score:
    counts: Counter[str] = Counter()
    for each in found:
        day, stated = each.found[origin], judged[each.id].stated[origin]
        counts["found"] += day is not None
        counts["stated"] += stated is not None
        counts["right"] += day is not None and stated is not None and near(day, stated)
    return Score(counts["found"], counts["right"], counts["stated"])


def near(one: date, other: date) -> bool:
    return abs((one - other).days) <= 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--wrong", action="store_true", help="list what differs")
    options = parser.parse_args()
    articles = [item for item in read_articles([options.corpus]) if isinstance(item, Article)]
    start = process_time()
    found = list(estimates(articles))
    spent = process_time() - start
    judged = read_judged()
    chosen = [each for each in found if each.id in judged]
    print("| against | origin | found | right | precision | recall |\n|---|---|---|---|---|---|")
    for origin in ORIGINS:
        result = score(chosen, judged, origin)
        print(
            f"| {len(chosen)} read by hand | {origin} | {result.found} | {result.right} "
            f"| {result.precision:.3f} | {result.recall:.3f} of {result.stated} |"
        )
        _print_given(found, origin)
    _print_undated(found)
    print(f"{spent:.1f} s of the processor for {len(found):,} articles, reading of markup included")
    if options.wrong:
        _print_wrong(found, judged)


def _print_given(found: Iterable[Estimates], origin: str) -> None:
    pairs = [(e.given, day) for e in found if e.given and (day := e.found[origin])]
    right = sum(near(given, day) for given, day in pairs)
    print(f"| given dates | {origin} | {len(pairs)} | {right} | {right / len(pairs):.4f} | |")


def _print_undated(found: Iterable[Estimates]) -> None:
    print("\n| set | undated | address | text | still undated |\n|---|---|---|---|---|")
    before: Counter[str] = Counter()
    dated: dict[str, Counter[str]] = {origin: Counter() for origin in ORIGINS}
    for each in found:
        if each.given is None:
            group = each.id.split("_")[0]
            before[group] += 1
            if each.best:
                dated[each.best[0]][group] += 1
    for title, groups in (*((group, [group]) for group in before), ("all", [*before])):
        undated = sum(before[group] for group in groups)
        in_address, in_text = (sum(dated[origin][g] for g in groups) for origin in ORIGINS)
        left = undated - in_address - in_text
        print(f"| {title} | {undated} | {in_address} | {in_text} | {left} |")


def _print_wrong(found: Iterable[Estimates], judged: Mapping[str, Judged]) -> None:
    for each in found:
        for origin, day in each.found.items():
            stated = judged[each.id].stated[origin] if each.id in judged else day
            if day and each.given and not near(each.given, day):
                print(each.id, origin, day, "given", each.given)
            if day != stated:
                print(each.id, origin, day, "judged", stated)


if __name__ == "__main__":
    main()
