"""Query text → lexemes → tree: what was written, and how a person reads it.

Knows no lexicon and no index; the clock is passed in.
"""
