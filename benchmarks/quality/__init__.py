"""How good the answers are: judged queries, similar articles, stories, topics, corrections.

Does not measure time.
"""
