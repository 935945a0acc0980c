"""Turns documents into bulk requests and sends them, for a rebuild or an update.

Does not decide what is published.
"""
