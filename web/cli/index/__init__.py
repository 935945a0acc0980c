"""The commands of `yuansou index`, with their progress, reports, inputs and golden queries.

Other commands are in web/cli/.
"""
