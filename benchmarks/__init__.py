"""How fast and how large: this product beside others, same articles, same machine, one run.

Does not judge how good the answers are. Needs Linux: memory is read from /proc.
"""
