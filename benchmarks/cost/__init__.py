"""The cost of a change: two checkouts in turn on one core, as ratios with their spread.

The ratios do not say how fast either is on another machine or compared with other products.
"""
