"""Matches → a page of hits: stories collapsed, pages and cursors, explanations.

Does not retrieve or rank.
"""
