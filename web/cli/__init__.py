"""The command line: one module for each command or group of commands.

Does not compute what it prints: that is done in the other folders.
"""
