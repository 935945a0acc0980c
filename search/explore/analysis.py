"""How a text is segmented, and why: for `yuansou analyze` and the API that shows it."""

from dataclasses import dataclass

from index.analysis.dictionary import usual_spelling
from index.analysis.segmenter import Segmenter
from index.lexicon.model import Concept, Lexicon
from index.text.normalize import normalize


@dataclass(frozen=True, slots=True)
class AnalysedToken:
    """A word of a text. `token`: as people write it; [`start`, `end`): its span in the text;
    `fine`: the words inside it; `concepts`: those it names; `why`: the reason, in Chinese."""

    token: str
    start: int
    end: int
    fine: tuple[str, ...]
    concepts: tuple[Concept, ...]
    why: str


@dataclass(frozen=True, slots=True)
class TextAnalysis:
    """`text` as given and `normalized`, its tokens in order, and the version of the lexicon."""

    text: str
    normalized: str
    tokens: tuple[AnalysedToken, ...]
    lexicon: str


def text_analysis(segmenter: Segmenter, lexicon: Lexicon, text: str) -> TextAnalysis:
    """How `text` is segmented with `lexicon`, with which `segmenter` was made."""
    normalized = normalize(text)
    tokens = (
        AnalysedToken(
            usual_spelling(token.text),
            token.start,
            token.end,
            tuple(map(usual_spelling, segmenter.parts(token.text))),
            tuple(lexicon.by_token[name] for name in segmenter.concepts(token.text)),
            _why(lexicon, token.text),
        )
        for token in segmenter.tokens(normalized)
    )
    return TextAnalysis(text, normalized, tuple(tokens), lexicon.version)


def _why(lexicon: Lexicon, token: str) -> str:
    spelled = token.replace("_", " ")
    if spelled in lexicon.by_form:
        return "词库里的概念"
    if spelled in lexicon.opaque:
        return "词库里的整词"
    if spelled.isascii():
        return "字母与数字连写"
    return "单字" if len(spelled) == 1 else "通用词典"
