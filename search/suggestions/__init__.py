"""Autocompletion: suggests queries that continue the typed text.

spelling/ corrects spelling.
"""
