"""Where the card is placed: over as little as possible of what the person needs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

_STEP = 24  # pixels between the places that are tried


@dataclass(frozen=True)
class Keep:
    """A part of the window to keep free.

    Attributes:
        area: where it is.
        worth: how bad it is to cover a pixel of it, compared with others.
    """

    area: QRect
    worth: float


def best_place(size: QSize, room: QRect, keeps: Sequence[Keep], now: QPoint | None) -> QPoint:
    """Return the place in ``room`` at which a card covers the least; at the bottom left if equal.

    It stays where it is now if no place is better.
    """
    places = list(_places(size, room))
    if now is not None and room.contains(QRect(now, size)):
        places.insert(0, now)
    return min(places, key=lambda place: _cost(QRect(place, size), keeps))


def _places(size: QSize, room: QRect) -> Iterator[QPoint]:
    right, bottom = room.right() + 1 - size.width(), room.bottom() + 1 - size.height()
    for top in _from(bottom, room.top()):
        for left in reversed(list(_from(right, room.left()))):
            yield QPoint(left, top)


def _from(last: int, first: int) -> Iterator[int]:
    """Yield from the last to the first, both included."""
    yield from range(last, first, -_STEP)
    yield first


def _cost(card: QRect, keeps: Sequence[Keep]) -> float:
    covered = ((keep.area.intersected(card), keep.worth) for keep in keeps)
    return sum(worth * area.width() * area.height() for area, worth in covered if area.isValid())
