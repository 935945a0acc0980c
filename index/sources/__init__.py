"""Where articles come from: a path in, articles and rejections out.

A bad article never stops the rest. Knows no index.
"""
