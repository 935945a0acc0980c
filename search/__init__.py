"""Answers a query with the best articles and the reasons why they match.

Plain values in and out. Knows no HTML, no HTTP and no engine's own classes.
"""
