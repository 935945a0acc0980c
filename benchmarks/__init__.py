"""How fast, how large and how good: this product beside others, in one run on one machine.

Each module measures one thing and says in its docstring how it is run; `comparison/run.py` is the
table of them all. `recorded_answers`, `cost` and `structure` compare two checkouts of the product
instead, before and after a change. Needs Linux: memory is read from /proc.
"""
