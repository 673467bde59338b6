"""What a drawing is read as."""

from enum import StrEnum


class Kind(StrEnum):
    """What a drawing is read as."""

    AUTO = "auto"
    """A number if it looks like one, else one digit."""
    DIGIT = "digit"
    NUMBER = "number"
