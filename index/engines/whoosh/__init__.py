"""The embedded default engine: Whoosh holds segments, term dictionary, deletions and stored fields.

Posting lists are packed arrays, written and read through Whoosh's codec interface, and scored with
numpy; texts are in files next to it. Does not segment. Why Whoosh: docs/decisions/whoosh.md.
"""
