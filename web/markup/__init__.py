"""Values and article markup → safe HTML: sanitized, marked, linked, formatted.

Knows no routes and no requests.
"""
