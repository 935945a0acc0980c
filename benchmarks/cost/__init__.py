"""What a change costs: two checkouts by turns on one core, as ratios with their spread.

It says nothing about how fast either is on another machine, nor beside other products.
"""
