"""Functions on text: HTML to plain text, normalisation, dates, amounts, addresses, boilerplate.

Contains no words, concepts or engines.
"""
