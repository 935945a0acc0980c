"""The pages of a search: home, results, article, help, and the widget.

Pages that combine several queries are in explore/.
"""
