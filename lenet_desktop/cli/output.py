"""What the commands print to stderr."""

import sys

from lenet_desktop.printable import printable

_MAX_SENTENCE = 10_000


def complain(sentence: str) -> None:
    """Print an error as one line; the text may contain names from untrusted files."""
    print(f"lenet-desktop: {printable(sentence, _MAX_SENTENCE)}", file=sys.stderr)
