"""Values and article markup → safe HTML: sanitized, marked, linked, formatted.

Does not depend on routes or requests.
"""
