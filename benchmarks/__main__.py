"""`python -m benchmarks`: the table of this product beside the others, which is `beside`."""

from benchmarks import beside

if __name__ == "__main__":
    beside.main()
