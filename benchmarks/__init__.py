"""How fast, how large and how good: this product and others, measured in one run on one machine.

Each module measures one thing and says in its docstring how to run it; `comparison/run.py` makes
the table of all. `recorded_answers`, `cost` and `structure` instead compare two checkouts of the
product, before and after a change. Needs Linux: memory is read from /proc.
"""
