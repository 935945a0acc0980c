"""Finds the spans of a text that match the query, and the best snippet.

Returns spans, not markup.
"""
