"""Feeds in, measured: the work of fetching, days of simulated time, kills, and servers that do
everything wrong. What must hold at every change is in tests/index/fetching/.
"""
