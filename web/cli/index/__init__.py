"""The commands of `yuansou index`, with their progress, reports, inputs and golden queries.

Does not hold other commands: they are in web/cli/.
"""
