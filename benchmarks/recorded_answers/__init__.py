"""The same answers before and after: records what a server answers, and compares two records.

It asks over HTTP only, so that checkouts whose modules differ can be compared. It does not judge
whether an answer is good: `benchmarks` has other commands for relevance and speed.
"""
