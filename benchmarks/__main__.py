"""`python -m benchmarks`: everything there is, which is `stock`."""

from benchmarks import stock

if __name__ == "__main__":
    stock.main()
