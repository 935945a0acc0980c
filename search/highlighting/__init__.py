"""Which characters of a text match the query, and the snippet that shows them.

Makes spans, not markup.
"""
