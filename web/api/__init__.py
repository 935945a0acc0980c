"""The JSON API: routes, serialization, its OpenAPI description and reference page.

Search pages and feeds are rendered in pages/ and feeds/.
"""
