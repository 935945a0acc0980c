"""Tree → plan: what is searched for a query, and under which names. parsing/ makes the tree.

Does not ask an engine.
"""
