"""This product and other systems: each is built and queried in turn on one machine.

How to run the other systems is in peers/.
"""
