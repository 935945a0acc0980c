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
    return _message(template, values)


def _message(template: str, values: Mapping[str, object]) -> Message:
    sentence = Message(template % values if values else template)
    sentence.template, sentence.values = template, values
    return sentence


def packed(message: Message) -> list[object]:
    """A message as JSON holds it; its values must be numbers and plain texts."""
    return [message.template, dict(message.values)]


def unpacked(found: object) -> Message:
    """A message that was packed. Raises ValueError or KeyError for anything else."""
    match found:
        case [str(template), dict(values)]:
            return _message(template, values)
    raise ValueError("no message")
