"""Reads articles from files: paths in, articles and rejections out.

A bad article never stops the others. Does not know the index.
"""
