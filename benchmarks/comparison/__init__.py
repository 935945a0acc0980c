"""This product next to other systems: each is built and asked by turns on one machine.

How the others are run is in peers/.
"""
