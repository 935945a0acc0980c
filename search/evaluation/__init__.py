"""How good the results are: judged queries, metrics, and golden queries.

Answering requests does not need it.
"""
