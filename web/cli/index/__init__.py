"""The commands of `yuansou index`, and what they share: progress, reports, sources, golden queries.

Other commands are not here.
"""
