"""A film as an animated picture for a slide: the kernels of the first convolution, and the loss."""

import math
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.training.film.film import Moment
from lenet_desktop.training.film.reader import FilmReader, MeasuredMoment

# Half of full HD: sharp enough on a projector, and a file of a megabyte or two.
_WIDTH, _HEIGHT = 960, 540
_FRAME_MS, _LAST_FRAME_MS = 120, 2500
_MARGIN, _TOP = 48, 96
_KERNELS = 380  # the side of the square of all kernels
_GAP = 12
# Those of the window's light theme: slides are light.
_GROUND, _LINE, _TEXT, _QUIET = "#ffffff", "#d3d8e1", "#1b2030", "#5a6275"
_POSITIVE, _NEGATIVE, _ZERO = (33, 86, 200), (194, 86, 12), (253, 253, 250)
_CURVE = "#2156c8"

Point = tuple[float, float]


class _StoppedError(Exception):
    """The picture is no longer wanted."""


def write_animation(
    path: Path,
    reader: FilmReader,
    caption: Callable[[MeasuredMoment], str],
    title: str,
    stop: Event | None = None,
) -> bool:
    """Write an animated picture with a frame for each moment; return False if it was stopped.

    The kernels of all frames share one scale of colours. The last frame stays for a while, then the
    film starts again.

    Args:
        path: the file: a GIF picture if its name ends in '.gif', else a WebP picture.
        reader: reads the film; no other thread may use it.
        caption: returns the line above a frame.
        title: of the curve of the training loss.
        stop: once set, nothing is written.

    Raises:
        OSError: the file could not be written.
    """
    moments = reader.film.moments
    frames = _frames(reader, moments, caption, title, stop or Event())
    buffer = BytesIO()
    is_gif = path.suffix.lower() == ".gif"
    options = {"optimize": False} if is_gif else {"lossless": True, "method": 0}
    try:
        next(frames).save(
            buffer,
            "GIF" if is_gif else "WEBP",
            save_all=True,
            append_images=frames,
            duration=[*[_FRAME_MS] * (len(moments) - 1), _LAST_FRAME_MS],
            loop=0,
            **options,
        )
    except _StoppedError:
        return False
    replace_file(path, buffer.getvalue())
    return True


def _frames(
    reader: FilmReader,
    moments: tuple[Moment, ...],
    caption: Callable[[MeasuredMoment], str],
    title: str,
    stop: Event,
) -> Iterator[Image.Image]:
    kernels = [reader.open(moment).kernels for moment in moments]
    largest = max(float(np.abs(each).max()) for each in kernels)
    curve = _Curve(moments, reader.film.steps, title)
    for moment, these in zip(moments, kernels, strict=True):
        if stop.is_set():
            raise _StoppedError
        frame = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
        pen = ImageDraw.Draw(frame)
        pen.text((_MARGIN, 34), _drawable(caption(reader.measure(moment))), _TEXT, _font(26))
        _draw_kernels(frame, these, largest)
        curve.draw(pen, moment)
        yield frame


def _draw_kernels(frame: Image.Image, kernels: NDArray[np.float32], largest: float) -> None:
    """Draw kernels (maps, side, side) in a grid."""
    across = math.ceil(math.sqrt(len(kernels)))
    side = (_KERNELS - (across - 1) * _GAP) // across
    down = math.ceil(len(kernels) / across)
    first = _TOP + (_KERNELS - down * (side + _GAP) + _GAP) // 2
    share = np.clip(kernels / max(largest, 1e-9), -1, 1)[..., np.newaxis]
    zero, high, low = (np.array(each, np.float32) for each in (_ZERO, _POSITIVE, _NEGATIVE))
    rgb = zero + np.abs(share) * (np.where(share > 0, high, low) - zero)
    pen = ImageDraw.Draw(frame)
    for number, kernel in enumerate(rgb.round().astype(np.uint8)):
        row, column = divmod(number, across)
        left, top = _MARGIN + column * (side + _GAP), first + row * (side + _GAP)
        picture = Image.fromarray(kernel).resize((side, side), Image.Resampling.NEAREST)
        frame.paste(picture, (left, top))
        pen.rectangle((left, top, left + side - 1, top + side - 1), outline=_LINE)


class _Curve:
    """The training loss over the steps."""

    def __init__(self, moments: tuple[Moment, ...], steps: int, title: str) -> None:
        self._title, self._steps = title, max(steps, 1)
        losses = [moment.loss for moment in moments if moment.loss is not None]
        self._top = max(losses, default=1.0) or 1.0
        self._points = {
            moment.step: self._place(moment.step, moment.loss)
            for moment in moments
            if moment.loss is not None
        }

    def draw(self, pen: ImageDraw.ImageDraw, now: Moment) -> None:
        """Draw the axes, the whole curve in a quiet colour, and its part until now over it."""
        left, top = self._place(0, self._top)
        right, bottom = self._place(self._steps, 0.0)
        pen.line([(left, top), (left, bottom), (right, bottom)], _LINE, 2)
        small = _font(18)
        pen.text((left, top - 14), _drawable(self._title), _QUIET, small, anchor="lb")
        for loss in (0.0, self._top):
            at = self._place(0, loss)
            pen.text((at[0] - 10, at[1]), f"{loss:.1f}", _QUIET, small, anchor="rm")
        pen.text((left, bottom + 10), "0", _QUIET, small, anchor="mt")
        pen.text((right, bottom + 10), f"{self._steps:,}", _QUIET, small, anchor="rt")
        whole = list(self._points.values())
        past = [point for step, point in self._points.items() if step <= now.step]
        for points, colour, width in ((whole, _LINE, 2), (past, _CURVE, 3)):
            if len(points) > 1:
                pen.line(points, colour, width, joint="curve")
        if past:
            x, y = past[-1]
            pen.ellipse((x - 6, y - 6, x + 6, y + 6), _CURVE)

    def _place(self, step: int, loss: float) -> Point:
        left, right = _MARGIN + _KERNELS + 104, _WIDTH - _MARGIN
        top, bottom = _TOP + 30, _TOP + _KERNELS
        share = min(max(loss / self._top, 0.0), 1.0)
        return left + (right - left) * step / self._steps, bottom - (bottom - top) * share


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _drawable(text: str) -> str:
    """Return a text with a question mark for each character that Pillow's own font may not have."""
    return text.encode("latin-1", "replace").decode("latin-1")
