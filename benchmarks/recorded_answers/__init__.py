"""The same answers before and after a change: records a server's answers and compares two records.

It uses HTTP only, so that checkouts with different modules can be compared. It does not judge
whether an answer is good: `benchmarks` has other commands for relevance and speed.
"""
