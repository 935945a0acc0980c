"""How much a young article is preferred: little, and openly.

An article published now counts `SHARE` more than an undated or very old one, half of that after
`HALF_LIFE` days: exponential decay, f = 2^(-age / half-life).
"""

HALF_LIFE = 180
"""Days. Half a year: news on regulation and technology stays of use for months, prices do not."""
SHARE = 0.05
DAY = 86_400


def freshness(published: int | None, now: int) -> float:
    """The factor of an article's score, from 1 to 1 + SHARE. Undated and future: neutral, new."""
    if published is None:
        return 1.0
    age_days = max(0, now - published) / DAY
    return 1.0 + SHARE * float(2.0 ** (-age_days / HALF_LIFE))
