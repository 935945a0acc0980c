"""The user interfaces: web pages, JSON API, feeds and command line.

Does not build queries or rank results: that is `search`.
"""
