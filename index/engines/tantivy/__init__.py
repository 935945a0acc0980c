"""Tantivy behind the engine interface: a Tantivy index, and files of rows next to it.

Our tokens, joined by spaces, go in with its `whitespace` tokenizer. Does not segment or normalise.
"""
