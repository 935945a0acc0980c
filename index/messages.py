"""Sentences for people, in Chinese, that can be said in another language where they are shown."""

from collections.abc import Mapping


class Message(str):
    """A sentence as it stands, with what it was made of: a template of the catalogue, and values
    (some of them sentences themselves)."""

    template: str
    values: Mapping[str, object]


def msg(template: str, /, **values: object) -> Message:
    """The sentence in Chinese; `%(name)s` in the template stands for a value. The catalogue is
    gathered from calls of this, so the template must be written out."""
    sentence = Message(template % values if values else template)
    sentence.template, sentence.values = template, values
    return sentence
