"""The pages of a search: home, results, article, help, and the widget.

Does not combine several queries: those pages are in explore/.
"""
