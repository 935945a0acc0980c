"""Tantivy behind the engine interface: an index of its own, and a few files of rows beside it.

Our tokens, joined by spaces, go in with its `whitespace` tokenizer. Does not cut or fold text.
"""
