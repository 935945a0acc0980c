"""A plan → the matching articles of an engine, with words left out where too few match.

Does not order the results (ranking/) or show them (results/).
"""
