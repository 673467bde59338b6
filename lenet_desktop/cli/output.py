"""What the commands print to stderr."""

import sys

from lenet_desktop.printable import printable

_MAX_SENTENCE = 10_000


def complain(sentence: str) -> None:
    """Print an error as one line; it may hold names from files of unknown origin."""
    print(f"lenet-desktop: {printable(sentence, _MAX_SENTENCE)}", file=sys.stderr)
