"""How telling a word is: the rarer, the more."""

import math


def idf(articles: int, found: int) -> float:
    """Lucene's inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5)): never negative."""
    return math.log(1 + (articles - found + 0.5) / (found + 0.5))
