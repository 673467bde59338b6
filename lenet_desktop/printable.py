"""Make untrusted text safe to show: a model's name, a label, a file's name."""

# Zero-width joiners are not printable by themselves, but emoji and several scripts need them.
_JOINERS = "\u200c\u200d"


def printable(text: str, limit: int) -> str:
    """Return ``text`` as one printable line of at most ``limit`` characters.

    Control characters (which can move a terminal's cursor or start escape sequences), marks that
    change the direction of writing, line breaks and lone surrogates become spaces; runs of spaces
    become one. A longer line ends in '…'.
    """
    cleaned = "".join(c if c.isprintable() or c in _JOINERS else " " for c in text)
    line = " ".join(cleaned.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
