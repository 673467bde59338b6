"""The entry point: prepares the process before anything is imported, then runs the command line."""

import multiprocessing
import os
import sys


def main() -> int:
    """Run the program and return its exit code."""
    multiprocessing.freeze_support()
    # In a program without a terminal both are None, and every print would raise.
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
    from lenet_desktop.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
