"""Articles over time: charts on pages, charts as files, and the control for a range of dates.

Does not count: that is search/explore/.
"""
