"""Bytes of a feed in, entries out: RSS, Atom, RDF and JSON Feed, in any encoding.

Opens no connection and writes no file.
"""
