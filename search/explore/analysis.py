"""How a text is segmented, and why: for `yuansou analyze` and the API that shows it."""

from typing import Any

from index.analysis.segmenter import Segmenter
from index.lexicon.model import Lexicon
from index.text.normalize import normalize


def text_analysis(segmenter: Segmenter, lexicon: Lexicon, text: str) -> dict[str, Any]:
    """Tokens with their spans in `text`, the words inside them and the concepts they name, as JSON
    values."""
    folded = normalize(text)
    tokens = []
    for token in segmenter.tokens(folded):
        concepts = [lexicon.by_token[name] for name in segmenter.concepts(token.text)]
        tokens.append(
            {
                "token": token.text,
                "start": token.start,
                "end": token.end,
                "fine": list(segmenter.parts(token.text)),
                "concepts": [
                    {"name": c.name, "aliases": list(c.aliases), "topic": c.topic, "kind": c.kind}
                    for c in concepts
                ],
                "why": _why(lexicon, token.text),
            }
        )
    return {"text": text, "normalized": folded, "tokens": tokens, "lexicon": lexicon.version}


def _why(lexicon: Lexicon, token: str) -> str:
    spelled = token.replace("_", " ")
    if spelled in lexicon.by_form:
        return "词库里的概念"
    if spelled in lexicon.opaque:
        return "词库里的整词"
    if spelled.isascii():
        return "字母与数字连写"
    return "单字" if len(spelled) == 1 else "通用词典"
