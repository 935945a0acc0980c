"""`yuansou doctor`: what is checked, of the machine and of the index.

Does not change anything; what it finds is mended with other commands.
"""
