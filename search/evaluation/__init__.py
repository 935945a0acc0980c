"""How good the results are: judged queries, metrics, and golden queries.

No request needs it.
"""
