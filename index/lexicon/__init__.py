"""The lexicon: concepts with their names, and how they are loaded from files.

Does not find them in texts (analysis/) or help to edit them (lexicon_tools/).
"""
