"""Text on its way into the index: from HTML, normalized, with dates, amounts and addresses read.

Knows nothing of words, concepts or engines.
"""
