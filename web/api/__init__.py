"""The JSON API: routes, serialization, its OpenAPI description and reference page.

Does not render search pages or feeds.
"""
