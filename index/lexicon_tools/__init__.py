"""Tools for the person who keeps the lexicon: checks, usage counts, suggested entries.

Indexing and searching do not need them.
"""
