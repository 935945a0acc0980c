"""How long building and answering take, and how both grow with the corpus.

Does not judge answers.
"""
