"""Writes a concept as an entry of the lexicon, to be pasted."""

import json

from index.lexicon.model import Concept


def as_toml(concept: Concept) -> str:
    """The concept as a table for `seeds/lexicon/*.toml`."""
    lines = ["[[concept]]", f"name = {_quoted(concept.name)}"]
    for key, values in (("aliases", concept.aliases), ("related", concept.related)):
        if values:
            lines.append(f"{key} = [{', '.join(map(_quoted, values))}]")
    if concept.topic:
        lines.append(f"topic = {_quoted(concept.topic)}")
    lines.append(f"kind = {_quoted(concept.kind)}")
    if concept.labels != "always":
        lines.append(f"labels = {_quoted(concept.labels)}")
    sources = concept.sources or ("corpus",)
    lines.append(f"sources = [{', '.join(map(_quoted, sources))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string. TOML allows all escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)
