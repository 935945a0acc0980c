"""Here is a person or a program with a browser or a terminal: answer it.

Does not build queries or rank: that is `search`.
"""
