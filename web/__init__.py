"""The user interfaces: web pages, JSON API, feeds and command line.

Queries are built and results ranked in `search`.
"""
