"""Pages that combine several queries: topics, stories, comparisons, sources.

Does not compute the values they show: that is search/explore/.
"""
