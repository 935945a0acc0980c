"""Finds corrections of a misspelled query, and how certain they are.

correction.py decides whether a correction is offered or searched.
"""
