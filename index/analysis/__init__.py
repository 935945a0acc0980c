"""Normalised text to words, concepts and labels: one analysis for articles and for queries.

Does not read articles and stores nothing.
"""
