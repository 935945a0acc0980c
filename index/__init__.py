"""Here is an article: make it findable.

Reads, cleans, cuts and stores articles. Does not understand queries: that is `search`.
"""
