"""Normalized text → words, concepts and labels: the one analysis for articles and for queries.

Does not read articles, and stores nothing.
"""
