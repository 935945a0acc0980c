"""Numbers in texts: amounts under one spelling, and Han numerals.

Texts are normalised. Dates are not numbers here (`index/text/dates.py`).
"""
