"""The final order of the best matches, and the signals that it is made of.

Does not decide which articles match.
"""
