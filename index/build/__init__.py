"""Builds generations: rebuild, update, add, remove and roll back, with worker processes.

Uses engines through their interface only; does not search.
"""
