"""Starts the command line, as `yuansou` or as `python -m web.cli`."""

import signal


def start() -> None:
    """Runs the command that the arguments name."""
    ends = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not in a background job
    if ends:  # Ctrl+C while modules are loaded: ended without Python's traceback
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from web.cli.main import main

    if ends:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    main()


if __name__ == "__main__":
    start()
