"""The command line: its exit codes, and the one place where errors are reported.

The commands are in modules of their own, imported when they run: each loads numpy, torch or Qt.
"""

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Sequence

from lenet_desktop.cli.arguments import parse
from lenet_desktop.cli.output import complain, note
from lenet_desktop.errors import UserError


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit code.

    Returns:
        0; 1 after a failed self-test; 2 after an error; 130 after Ctrl+C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal may support only ASCII. Flush each line, so that it appears at once.
            stream.reconfigure(errors="replace", line_buffering=True)
    options = parse(arguments)
    try:
        code = _run_command(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        hint = ": the same command continues the training" if options.command == "train" else ""
        note(f"Stopped{hint}.")
        return 130
    except BrokenPipeError:
        # The program that reads our output has closed the pipe, as `head` does.
        _discard_output()
        if options.command not in ("train", "teach"):
            return 0
        complain("The training has stopped, since its output was closed.")
        return 2
    except OSError as error:
        if options.debug:
            raise
        _discard_output()
        what = (
            f"{error.filename} cannot be used" if error.filename else "The output cannot be written"
        )
        complain(f"{what}: {error.strerror or error}.")
        return 2
    except UserError as error:
        if options.debug:
            raise
        complain(str(error))
        return 2


def _run_command(options: argparse.Namespace) -> int:
    match options.command:
        case "recognize":
            from lenet_desktop.cli.commands import recognize

            return recognize.run(options)
        case "explain":
            from lenet_desktop.cli.commands import explain

            return explain.run(options)
        case "train":
            from lenet_desktop.cli.commands import train

            return train.run(options)
        case "runs":
            from lenet_desktop.cli.commands import runs

            return runs.run(options)
        case "teach":
            from lenet_desktop.cli.commands import teach

            return teach.run(options)
        case "evaluate":
            from lenet_desktop.cli.commands import evaluate

            return evaluate.run(options)
        case "export":
            from lenet_desktop.cli.commands import export

            return export.run(options)
        case "self-test":
            from lenet_desktop.cli.commands import self_test

            return self_test.run(options)
        case _:
            from lenet_desktop.cli.commands import pad

            return pad.run(options)


def _discard_output() -> None:
    """Send stdout to the null device: Python flushes it once more when it exits."""
    with contextlib.suppress(io.UnsupportedOperation):  # stdout is not a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
