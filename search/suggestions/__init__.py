"""Autocompletion: what a typed beginning may become.

Does not correct spelling (spelling/).
"""
