"""Here is a query: give me the ten best articles and say why.

Plain values in and out. Knows no HTML, no HTTP and no engine's own classes.
"""
