"""Other ways to search the same articles, each as its own tutorial gives it: a module a way.

A module `benchmarks/peers/<name>.py` has two functions, `build(articles, folder)` and
`open_index(folder)`, which returns what finds ten hits for a query. What the table says of each,
and what a machine needs to have it, is in `registry.py`. A peer runs in processes of its own:
`python -m benchmarks.peers build|serve NAME …`.
"""
