"""What the benchmarks share: servers, processes, load, a corpus, reports.

Measures nothing by itself.
"""
