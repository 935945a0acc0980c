"""The layout of a checkout in counts: rooms, arrows, names, and the path of one page request.

It finds functions by their names, so that layouts can be compared. It measures no speed but that of
the tests.
"""
