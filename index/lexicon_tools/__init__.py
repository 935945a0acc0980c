"""Tools for maintaining the lexicon: checks, usage counts, candidates for new entries.

Indexing and searching do not use them.
"""
