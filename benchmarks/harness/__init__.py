"""Shared by the benchmarks: servers, processes, load, corpora, reports.

Measures nothing by itself.
"""
