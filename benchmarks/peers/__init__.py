"""Other ways to search the same articles, each as its own tutorial shows it, one module each.

A module `benchmarks/peers/<name>.py` has two functions, `build(articles, folder)` and
`open_index(folder)`, which returns a function that finds ten hits for a query. `registry.py` has
what the table says of each peer and what a machine needs for it. A peer runs in processes of its
own: `python -m benchmarks.peers build|serve NAME …`.
"""
