"""Pages that combine several queries: topics, stories, comparisons, sources.

The values they show are computed in search/explore/.
"""
