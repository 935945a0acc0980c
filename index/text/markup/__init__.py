"""Markdown and HTML, read as their writers mean them: `index/text/html.py` makes text of it.

Knows nothing of articles.
"""
