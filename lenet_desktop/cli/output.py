"""What the commands print to stderr."""

import sys

from lenet_desktop.printable import printable

_MAX_SENTENCE = 10_000


def complain(sentence: str) -> None:
    """Print an error as one line; the text may contain names from untrusted files."""
    note(f"error: {sentence}")


def note(sentence: str) -> None:
    """Print what the user should know, but what is no error; else as ``complain``."""
    print(f"lenet-desktop: {printable(sentence, _MAX_SENTENCE)}", file=sys.stderr)
