"""Files for crawlers and browsers: sitemaps, robots.txt, OpenSearch description.

Feeds are in feeds/.
"""
