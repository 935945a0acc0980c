"""Here is an article: make it findable.

Reads, cleans, segments and stores articles. Does not understand queries: `search` does.
"""
