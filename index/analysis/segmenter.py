"""Segments normalised text into words, parts of words, concepts and amounts, with one lexicon.

The scanner (scanner.py) takes everything that is not Han; a cutter (cutters.py) cuts the runs of
Han characters with the dictionary and the lexicon's words. jieba's HMM is off: it would guess other
words in a query than in an article. A test holds that both cutters give the same words.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import accumulate, compress
from operator import itemgetter

from index.analysis.codes import code_parts, listed_codes
from index.analysis.cutters import LEXICON_FREQUENCY, Cutter, default_cutter, teach
from index.analysis.remembered import Remembered
from index.analysis.scanner import HAN_RUNS, PIECE_PATTERN, RUNS, Scanner, pieces_between
from index.lexicon.model import Concept, Lexicon, token_of
from index.text.han import is_han
from index.text.numbers.amounts import amount_tokens

FORMAT = 5
"""Raise it when the rules of this module change: generations built before are then refused."""

MAX_TOKEN = 100
"""Characters. Longer runs (keys, base64) are not indexed as words; quotations find them."""

MAX_BETWEEN = 8
"""Characters. Shorter texts between Han characters, mostly punctuation, are scanned once: nine of
ten."""

_BETWEEN_RUNS = "\n"
"""No Han character: cutters make it a word of its own."""
_NAME_MARK = re.compile("[&/]")
_PLAIN_WORD = ("", "")
"""Of nine words in ten: nothing inside, and no concept. One object, compared by identity."""
_FINE, _CONCEPTS = map(itemgetter, range(2))


@cache
def dictionary_fingerprint() -> str:
    """16 hex digits over this module's rules and the version of jieba's dictionary."""
    seed = f"{FORMAT};jieba {version('jieba')};{PIECE_PATTERN};{MAX_TOKEN};{LEXICON_FREQUENCY}"
    return hashlib.blake2b(seed.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Token:
    """A word at [start, end) of a text. `text` is its spelling in the index."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layers:
    """The tokens of a text in three layers, each a string of tokens joined by spaces.

    `words`: coarse words that do not overlap. `fine`: words inside those words, amounts
    (amounts.py) and, in a document, the words of boilerplate. `concepts`: one token for each
    mention of a concept under any of its names.
    """

    words: str = ""
    fine: str = ""
    concepts: str = ""


class Segmenter:
    """Segments normalised text with one lexicon, for indexing and for queries."""

    def __init__(self, lexicon: Lexicon, cutter: Cutter | None = None) -> None:
        self._lexicon = lexicon
        self._cutter = cutter or default_cutter()
        self._parts = Remembered(self._find_parts, MAX_TOKEN)
        self._concepts = Remembered(self._find_concepts, MAX_TOKEN)
        self._layers = Remembered(self._find_layers, MAX_TOKEN)
        self._between = Remembered(pieces_between, MAX_BETWEEN)
        forms = [*lexicon.by_form, *lexicon.opaque]
        words = [*lexicon.regional_words]
        self._scanner = Scanner([form for form in (*forms, *words) if not is_han(form)])
        self.taught = teach(self._cutter, _to_cut(forms), _to_cut(words))

    def segment(self, text: str) -> list[str]:
        """Pieces of normalised `text` in order: words, and the text between them.

        Joined again, they are `text`, for any text.
        """
        stretches = HAN_RUNS.split(text)  # between, a run of Han characters, between …
        if not self._scanner.may_have_forms(text, stretches[::2]):
            return self._without_forms(stretches)
        result: list[str] = []
        done = 0
        for start, end in self._scanner.forms(text):
            result += self._without_forms(HAN_RUNS.split(text[done:start]))
            result.append(text[start:end])
            done = end
        return result + self._without_forms(HAN_RUNS.split(text[done:]))

    def _without_forms(self, stretches: Sequence[str]) -> list[str]:
        pieces = [*self._between[stretches[0]]]
        if len(stretches) == 1:
            return pieces
        # Long texts have a thousand words, so what is done for each of them is done in C.
        words = [*self._cutter.cut(_BETWEEN_RUNS.join(stretches[1::2])), _BETWEEN_RUNS]
        start = 0
        for between in stretches[2::2]:
            end = words.index(_BETWEEN_RUNS, start)
            pieces += words[start:end]
            pieces += self._between[between]
            start = end + 1
        return pieces

    def borders(self, text: str) -> list[int]:
        """Positions where normalised `text` can be split without changing its segmentation."""
        return self._scanner.borders(text)

    def beginning(self, text: str, pieces: Sequence[str], characters: int) -> Sequence[str]:
        """The pieces of `text[:characters]` by itself; `pieces` are those of the whole text.

        The cut may go through a word, so the last sentence is segmented again, and only that.
        """
        if len(text) <= characters:
            return pieces
        border = max(self.borders(text[:characters]), default=0)
        ends = list(accumulate(map(len, pieces[:characters])))
        return [*pieces[: bisect_right(ends, border)], *self.segment(text[border:characters])]

    def knows(self, word: str) -> bool:
        """Whether a Han word is in the dictionary or in the lexicon."""
        return self._cutter.has(word)

    def tokens(self, text: str) -> list[Token]:
        """The words of normalised `text` with their positions."""
        tokens: list[Token] = []
        position = 0
        for piece in self.segment(text):
            if _is_word(piece):
                tokens.append(Token(token_of(piece), position, position + len(piece)))
            position += len(piece)
        return tokens

    def layers(self, text: str) -> Layers:
        return self.layers_of(text, self.segment(text))

    def layers_of(self, text: str, pieces: Sequence[str]) -> Layers:
        """The layers of a text that was segmented into these pieces."""
        found = [*map(self._layers.__getitem__, pieces)]
        words = [*compress(pieces, found)]
        joined = " ".join(words)
        if joined.count(" ") >= len(words):  # a form of several words is one token
            joined = " ".join(map(token_of, words))
        inside = [each for each in found if each and each is not _PLAIN_WORD]
        fine = filter(None, map(_FINE, inside))
        concepts = " ".join(filter(None, map(_CONCEPTS, inside)))
        return Layers(joined, " ".join((*amount_tokens(text), *fine)), concepts)

    def mentioned(self, pieces: Iterable[str]) -> str:
        """The layer `concepts` of these pieces."""
        found = filter(None, map(self._layers.__getitem__, pieces))
        return " ".join(filter(None, map(_CONCEPTS, found)))

    def _find_layers(self, piece: str) -> tuple[str, str] | None:
        """What one word adds to the layers `fine` and `concepts`; None if it is no word."""
        if not _is_word(piece):
            return None
        word = token_of(piece)
        parts = self._find_parts(word)
        named = self._named(word, parts)
        return (" ".join(parts), " ".join(named)) if parts or named else _PLAIN_WORD

    def parts(self, word: str) -> tuple[str, ...]:
        """Dictionary words inside a word (数字人民币 → 数字, 人民, 人民币), without itself."""
        return self._parts[word]

    def _find_parts(self, word: str) -> tuple[str, ...]:
        if word in self._lexicon.opaque:
            return ()
        if is_han(word):
            return tuple(dict.fromkeys(self._inside(word)))
        if word.isascii() and word.isdecimal():
            return ()  # most distinct words without Han characters are numbers
        runs = [match.group() for match in RUNS.finditer(word)]
        parts = [run for run in runs if len(run) > 1 or run.isdigit() or _NAME_MARK.search(word)]
        parts += [part for run in runs for part in code_parts(run) if part != run]
        parts += listed_codes(word)[:1]
        parts += [piece for piece in word.split("_") if _NAME_MARK.search(piece)]
        for run in filter(is_han, runs):
            parts += self._inside(run)
        return tuple(dict.fromkeys(part for part in parts if part != word))

    def _inside(self, word: str) -> list[str]:
        """Words inside a run of Han characters; compounds are split recursively."""
        if len(word) < 3 or (len(word) == 3 and word in self._lexicon.by_form):
            return []  # 元宇宙 is not about 宇宙, nor 以太坊 about 以太
        pieces = fewest_pieces(word, self._cutter.has)
        return [
            part for piece in pieces if len(piece) > 1 for part in (piece, *self._inside(piece))
        ]

    def pieces(self, word: str) -> list[str]:
        """The words of a compound (医疗卫生机构 → 医疗, 卫生, 机构); empty if it is not one.

        A concept's name is not a compound: 数字人民币 is more than 数字 and 人民币.
        """
        if len(word) <= 3 or not is_han(word):
            return []
        if word in self._lexicon.by_form or word in self._lexicon.opaque:
            return []
        pieces = fewest_pieces(word, self._cutter.has)
        return pieces if len(pieces) > 1 and min(map(len, pieces)) > 1 else []

    def concepts(self, word: str) -> tuple[str, ...]:
        """Tokens of the concepts that a word names: its own, else those of its parts."""
        return self._concepts[word]

    def named(self, word: str) -> str | None:
        """The token of the concept of which the whole word is a name; None if it is none's."""
        own = self._own(word)
        return own.token if own else None

    def _find_concepts(self, word: str) -> tuple[str, ...]:
        return self._named(word, self._parts[word])

    def _named(self, word: str, parts: Iterable[str]) -> tuple[str, ...]:
        own = self._own(word)
        mentioned = [own] if own else [self._lexicon.by_form.get(part) for part in parts]
        return tuple(dict.fromkeys(concept.token for concept in mentioned if concept))

    def _own(self, word: str) -> Concept | None:
        by_form = self._lexicon.by_form
        return by_form.get(word) or by_form.get(word.replace("_", " "))


@lru_cache(maxsize=1)
def segmenter_of(lexicon: Lexicon) -> Segmenter:
    """The segmenter that everything with this lexicon shares: it takes 25 MB and half a second."""
    return Segmenter(lexicon)


def _to_cut(forms: Iterable[str]) -> list[str]:
    return [form for form in forms if is_han(form) and len(form) > 1]


def _is_word(piece: str) -> bool:
    return piece[0].isalnum() and len(piece) <= MAX_TOKEN


def fewest_pieces(word: str, known: Callable[[str], bool]) -> list[str]:
    """The fewest known words that make up `word`, other than itself.

    Single characters are allowed. Fewest pieces, then fewest single characters: 中华/人民/共和国,
    never 华人.
    """
    length = len(word)
    each = length + 1  # what a piece costs; each single character adds 1
    costs, starts = [0], [0]  # up to each position, and where the last piece before it starts
    for end in range(1, length + 1):
        cost, begin = each * each, 0
        for start in range(end):
            if start == end - 1:
                found = costs[start] + each + 1
            elif end - start < length and known(word[start:end]):
                found = costs[start] + each
            else:
                continue
            if found < cost:
                cost, begin = found, start
        costs.append(cost)
        starts.append(begin)
    pieces = []
    while length:
        pieces.append(word[starts[length] : length])
        length = starts[length]
    return pieces[::-1]
