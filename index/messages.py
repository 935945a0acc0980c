"""Messages for people: Chinese text that the web layer can translate when it shows it."""

from collections.abc import Mapping


class Message(str):
    """The Chinese text, and what it was made from: a template that the translation catalogue
    lists, and the values filled in (which may be messages themselves)."""

    template: str
    values: Mapping[str, object]


def msg(template: str, /, **values: object) -> Message:
    """A message from a Chinese template; `%(name)s` is replaced by the value of that name.

    The catalogue is extracted from calls of this function, so the template must be a literal.
    """
    sentence = Message(template % values if values else template)
    sentence.template, sentence.values = template, values
    return sentence
