"""Gets the text of an article from its web page, where a feed has only a summary: an extra.

Writes no file: index/fetching/full_texts.py does, and says which pages are wanted.
"""
