"""Related searches: key terms and concepts that occur together with a query.

Similar articles are not here (explore/similar.py).
"""
