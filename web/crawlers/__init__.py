"""Files for crawlers and browsers: sitemaps, robots.txt, OpenSearch description.

Does not make feeds: they are in feeds/.
"""
