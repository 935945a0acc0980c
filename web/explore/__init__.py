"""The pages of more than one query: topics, stories, comparisons, sources.

The values they show come from search/explore/, and are not computed here.
"""
