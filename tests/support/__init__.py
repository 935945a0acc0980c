"""What tests share: invented articles, the oracle engine, sites, visitors, servers."""
