"""OpenSearch behind the engine interface: a generation is an index, an alias names the current.

Our tokens, joined by spaces, go in with the core's `whitespace` analyzer, so nodes need no plugin.
Does not cut or fold text, and runs no nodes.
"""
