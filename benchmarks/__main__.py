"""`python -m benchmarks`: the table of this product and others (comparison/run.py)."""

from benchmarks.comparison import run

if __name__ == "__main__":
    run.main()
