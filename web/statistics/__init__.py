"""Private counts of queries: what is asked most, more than before, in vain or slowly.

Knows no visitors. Nothing readable is kept of a query before it was asked five times.
"""
