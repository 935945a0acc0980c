"""The constants of BM25 and its inverse document frequency, used by every engine and by ranking.

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; the idf is
Lucene's, which is never negative.
"""

import math

K1 = 1.2
B = 0.75


def idf(articles: int, found: int) -> float:
    """Lucene's inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5)): never negative."""
    return math.log(1 + (articles - found + 0.5) / (found + 0.5))
