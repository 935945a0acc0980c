"""What does a new installation start from? Sample articles and the domain lexicon.

Data only: runs no code, knows nothing of indexes or queries.
"""
