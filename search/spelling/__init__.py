"""Corrections of a misspelled query, and how near they are.

Whether one is shown or searched is not decided here (correction.py).
"""
