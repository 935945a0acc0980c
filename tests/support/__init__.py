"""What tests share: invented articles, the naive engine, sites, visitors, servers."""
