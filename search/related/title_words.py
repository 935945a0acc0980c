"""Words that several titles have."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate, chain
from typing import NamedTuple

from index.analysis.segmenter import Segmenter
from index.lexicon.model import token_of


class SharedWord(NamedTuple):
    """`form`: its spelling, normalised. `titles`: keys of those that have it, in their order."""

    form: str
    titles: list[str]

    @property
    def token(self) -> str:
        return token_of(self.form)


def shared_words(
    segmenter: Segmenter, titles: Mapping[str, str], least: int
) -> Iterator[SharedWord]:
    """Words that `least` titles or more have, in the order in which they first occur. `titles`:
    normalised, by any key."""
    if len(titles) < least:
        return
    # Segmented together, they take a third of the time. No word goes on beyond a line.
    pieces = segmenter.segment("\n".join(titles.values()))
    ends = list(accumulate(map(len, pieces)))
    pieces_of: dict[str, dict[str, None]] = {}
    start = position = 0
    for key, title in titles.items():
        position += len(title) + 1
        stop = bisect_right(ends, position)
        pieces_of[key] = dict.fromkeys(pieces[start:stop])
        start = stop
    for piece, count in Counter(chain.from_iterable(pieces_of.values())).items():
        if count >= least and piece[0].isalnum():
            yield SharedWord(piece, [key for key, seen in pieces_of.items() if piece in seen])
