"""Which articles tell the same story: candidates by MinHash, one rule, and groups.

Does not read or write an index.
"""
