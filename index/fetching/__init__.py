"""Fetches feeds and writes their entries as article files.

Does not index them: web/cli/feeds does, with the builder. Feeds that we serve are in web/feeds.
"""
