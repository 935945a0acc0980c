"""Vectors of what articles are about: made with a model, kept in one file beside the index.

Does not decide how they change the order of results: search/ranking does.
"""
