"""`python -m web.cli`: the command line where the script is not on the path."""

from web.cli.main import main

main()
