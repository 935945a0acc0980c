"""The pages of a search: home, results, article, help, and the widget.

Pages of more than one query are not here (explore/).
"""
