"""Keys whose alphabetical order is that of a list by date: time, id, story in one string."""

ZERO = 10**12
"""Added to seconds, so that times before 1970 are written without a sign."""
WIDTH = 13
UNDATED = "~" * WIDTH
"""After every digit: undated articles come last in both orders."""
SEPARATOR = "\0"


def newest_key(published: int | None, article_id: str, story: str) -> str:
    """Ascending is newest first, then by id."""
    return _key(None if published is None else ZERO - published, article_id, story)


def oldest_key(published: int | None, article_id: str, story: str) -> str:
    return _key(None if published is None else ZERO + published, article_id, story)


def _key(time: int | None, article_id: str, story: str) -> str:
    return f"{UNDATED if time is None else f'{time:0{WIDTH}d}'}{article_id}{SEPARATOR}{story}"


def parse_newest(key: str) -> tuple[int | None, str, str]:
    """(published, id, story)."""
    time, (article_id, story) = key[:WIDTH], key[WIDTH:].rsplit(SEPARATOR, 1)
    return (None if time == UNDATED else ZERO - int(time)), article_id, story


def parse_oldest(key: str) -> tuple[int | None, str, str]:
    time, (article_id, story) = key[:WIDTH], key[WIDTH:].rsplit(SEPARATOR, 1)
    return (None if time == UNDATED else int(time) - ZERO), article_id, story
