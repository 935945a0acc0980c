"""Searches one index at one moment: queries, order, counts and stored fields of a snapshot.

Writes nothing.
"""
