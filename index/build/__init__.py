"""Articles → a published generation: rebuild and update, with worker processes and a diff.

Knows engines by their interface only.
"""
