"""What the checks of inputs hold readers to."""


class LawBrokenError(Exception):
    """A reader returned what it must not."""


def hold(law: bool, said: str) -> None:
    if not law:
        raise LawBrokenError(said)
