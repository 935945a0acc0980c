"""What other programs read to find the site: sitemaps, robots.txt, OpenSearch description.

Feeds are not here (feeds/).
"""
