"""Connections to other people's servers: which addresses, within which bounds, and feeds of pages.

Does not read feeds, and knows nothing of schedules or files.
"""
