"""Views of more than one query's results: topics, stories, comparisons, sources, similar articles.

Does not render them.
"""
