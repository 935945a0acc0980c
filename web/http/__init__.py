"""What every answer over HTTP shares: arguments, errors, caching, addresses.

Does not render pages.
"""
