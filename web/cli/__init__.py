"""The command line: one module for each command or group of commands.

Commands only print results; the other folders compute them.
"""
