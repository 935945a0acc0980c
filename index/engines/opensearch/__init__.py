"""OpenSearch behind the engine interface: a generation is an index, an alias the current one.

Our tokens, joined by spaces, go in with the core's `whitespace` analyzer, so nodes need no plugin.
Does not segment or normalise, and runs no nodes.
"""
