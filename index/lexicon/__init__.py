"""The domain's concepts with their names, and how their files are loaded.

Does not look for them in texts (analysis/), nor help to edit them (lexicon_tools/).
"""
