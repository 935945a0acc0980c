"""The commands of `yuansou feeds`: the list of feeds, fetching them, and what came of it.

Does not hold the feeds that the site offers: they are in web/feeds/.
"""
