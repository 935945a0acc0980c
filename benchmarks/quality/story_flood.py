"""What a flood of near-copies costs when stories are found: docs/how/stories.md.

python -m benchmarks.quality.story_flood [SIZE …]

The longest sample article, again and again, a minute apart, with a word of every second sentence
replaced by another of its words: too alike to be told apart by their sketches, too different to be
one story, so that every comparison is made in full.
"""

import argparse
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.analysis.segmenter import Segmenter
from index.article import Article
from index.document import Arrival, drafts, epoch
from index.duplicates.grouping import assign_stories, candidates
from index.duplicates.members import Member, PackedMembers
from index.duplicates.same_story import StoryEvidence
from index.lexicon.loading import load_lexicon
from index.sources.reader import read_articles
from index.text.normalize import normalize

SIZES = (250, 500, 1_000, 2_000)
SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
START = datetime(2022, 9, 1, tzinfo=UTC)


def flood(size: int) -> list[Article]:
    """The same for every run; a larger flood begins with a smaller one."""
    samples = [each for each in read_articles([SEEDS]) if isinstance(each, Article)]
    (longest,) = drafts([Arrival(max(samples, key=lambda each: len(each.body)), "", 0, 0)])
    segmenter = Segmenter(load_lexicon())
    text = [segmenter.segment(f"{sentence}。") for sentence in longest.text.split("。")]
    words = [word for sentence in text for word in sentence if len(word) > 1]
    return [_copy(longest.title, text, words, number) for number in range(size)]


def _copy(title: str, text: Sequence[list[str]], words: Sequence[str], number: int) -> Article:
    draw = random.Random(number)
    sentences = []
    for at, sentence in enumerate(text):
        changed = list(sentence)
        if at % 2:
            changed[draw.randrange(len(changed))] = draw.choice(words)
        sentences.append("".join(changed))
    return Article(
        id=f"{number:06}",
        title=title,
        body="".join(sentences),
        body_format="text",
        published=START + timedelta(minutes=number),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    sizes = parser.parse_args().sizes
    made = drafts([Arrival(a, "", 0, 0) for a in flood(max(sizes))])
    made.sort(key=lambda draft: draft.arrival.article.id)

    def evidence(number: int) -> StoryEvidence:
        draft = made[number]
        published = epoch(draft.arrival.article.published)
        return StoryEvidence(normalize(draft.title), normalize(draft.text), published)

    print(
        "| near-copies | processor s | ms each | pairs compared | stories |\n|---|---|---|---|---|"
    )
    for size in sizes:
        members = PackedMembers()
        for draft in made[:size]:
            article = draft.arrival.article
            members.add(article.id, Member(epoch(article.published), draft.sketch))
        begun = time.process_time()
        earliest = assign_stories(members, evidence)
        spent = time.process_time() - begun
        pairs = sum(1 for _ in candidates(members))
        figures = (
            f"{spent:.1f} | {1000 * spent / size:.0f} | {pairs:,} | {len({*earliest.tolist()})}"
        )
        print(f"| {size:,} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
