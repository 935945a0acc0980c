"""Query text → tokens, tree and plan: what was asked, and how it is expanded.

Does not ask an engine.
"""
