"""Tantivy behind the engine interface: everything in one Tantivy index, nothing beside it.

Our tokens, joined by spaces, go in with its `whitespace` tokenizer. Does not cut or fold text.
"""
