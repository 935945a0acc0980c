"""The results of any query as RSS, Atom, JSON Feed and CSV.

Uses the same search as the results page and never includes the full text of an article.
"""
