"""The server's processes and threads, and the searcher that follows the published generation.

Does not depend on routes.
"""
