"""`python -m web.cli`: the command line when the script `yuansou` is not on the path."""

from web.cli.main import main

main()
