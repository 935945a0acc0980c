"""Where a reader may go from here: the line on the concept of a query; what the home page shows.

Does not answer requests itself: that is web/pages/.
"""
