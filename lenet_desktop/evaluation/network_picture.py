"""A picture of a whole network while it reads a sample, to be put on a slide."""

import math
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.drawing.picture import PictureError
from lenet_desktop.evaluation.lettering import Lettering, can_be_written, lines_of, width_of
from lenet_desktop.evaluation.network_columns import Column, columns
from lenet_desktop.evaluation.value_colours import (
    NEGATIVE,
    POSITIVE,
    Pixels,
    coloured,
    coloured_ink,
    scale,
)
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.inside.attribution import Attribution, Method
from lenet_desktop.inference.inside.layers import Layer, LayerKind, Values
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable

SIZE = 3200, 1800
"""Twice the pixels of a slide of 1600x900: a projector shows it sharp."""
_MARGIN = 70
_PAPER, _TEXT, _QUIET, _LINE, _TRACK = "#ffffff", "#1b2030", "#5a6275", "#c3c9d4", "#e9ecf1"
_TINY, _SMALL, _LARGE, _HUGE = 30, 34, 54, 190
_LINE_HEIGHT = 1.3

# The sample and its attribution at the left, the answer at the right, the layers between them.
_SAMPLE_SIDE = 15 * 28
_LEFT, _RIGHT = _MARGIN + _SAMPLE_SIDE + 50, SIZE[0] - _MARGIN - 680
_TOP, _BOTTOM = 330, SIZE[1] - 150
_CAPTION = 180  # the height of four lines

_MOST_CLASSES, _LONGEST_NAME = 30, 40


def write_network_picture(path: Path, picture: Image.Image) -> None:
    """Write a picture as a PNG file.

    Raises:
        PictureError: the file cannot be written.
    """
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    try:
        replace_file(path, buffer.getvalue())
    except OSError as error:
        raise PictureError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


def network_picture(
    reading: InsideReading, attribution: Attribution, title: str, note: str
) -> Image.Image:
    """Return a picture of a network's layers, answer and attribution, RGB, of SIZE.

    Args:
        reading: the values and the answer.
        attribution: of the same sample.
        title: what was read, such as the file's name.
        note: a line below it, such as the model's name.
    """
    picture = Image.new("RGB", SIZE, _PAPER)
    page = _Page(picture)
    page.title(title, note)
    page.sample(reading)
    page.attribution(reading, attribution)
    page.layers(reading)
    page.answer(reading)
    page.classes(reading, attribution.target)
    page.legend()
    return picture


def layer_columns(layers: tuple[Layer, ...]) -> tuple[tuple[Column, ...], ...]:
    """Return the places of the layers between the sample and the logits, row by row."""
    captions = [_caption_of(layers, number) for number in range(len(layers))]
    widths = [max(width_of(line, _TINY) for line in caption) for caption in captions]
    return columns(layers, widths, _CAPTION, (_LEFT, _TOP, _RIGHT, _BOTTOM))


class _Page:
    """The parts of the picture."""

    def __init__(self, picture: Image.Image) -> None:
        self._picture = picture
        self._pen = ImageDraw.Draw(picture)
        self._letters = Lettering(picture)

    def title(self, title: str, note: str) -> None:
        width = _RIGHT - _MARGIN - 60
        at = (_MARGIN, _MARGIN)
        self._letters.write(at, title, _LARGE, _TEXT, width=width, bold=True)
        at = (_MARGIN, _MARGIN + 80)
        self._letters.write(at, note, _SMALL, _QUIET, width=width)

    def sample(self, reading: InsideReading) -> None:
        self._caption(_MARGIN, (reading.layers[0].name, _size(reading.layers[0])))
        ink = np.repeat((255 - reading.sample * 255)[..., np.newaxis], 3, axis=2)
        self._paste(ink.round().astype(np.uint8), _MARGIN, _TOP + _CAPTION, _SAMPLE_SIDE)

    def attribution(self, reading: InsideReading, attribution: Attribution) -> None:
        prediction = reading.prediction
        name = shown_name(prediction.classes, attribution.target)
        is_best = prediction.classes[attribution.target] == prediction.best_class
        top = _TOP + _CAPTION + _SAMPLE_SIDE + 60
        question = f"Why {name}?" if is_best else f"Why not {name}?"
        self._letters.write((_MARGIN, top), question, _LARGE, _TEXT, width=_SAMPLE_SIDE, bold=True)
        top += 80
        self._paste(coloured_ink(attribution.values, reading.sample), _MARGIN, top, _SAMPLE_SIDE)
        top += _SAMPLE_SIDE + 16
        width = _SAMPLE_SIDE + 20
        for line in lines_of(_explanation(attribution.method, name), _TINY, width):
            self._letters.write((_MARGIN, top), line, _TINY, _QUIET, width=width)
            top += round(_TINY * _LINE_HEIGHT)

    def layers(self, reading: InsideReading) -> None:
        """Draw all layers between the sample and the logits."""
        for row in layer_columns(reading.layers):
            for column in row:
                self._arrow(column.left - column.space / 2, column.middle)
                caption = _caption_of(reading.layers, column.layer)
                self._caption(column.left, caption, column.caption_top)
                values = reading.values[column.layer]
                largest = float(np.abs(values).max())
                maps = values.reshape(len(values), *(values.shape[1:] or (1, 1)))
                for number, each in enumerate(maps):
                    self._paste(coloured(each, largest), *column.place(number), column.side)
            last = row[-1]
            self._arrow(last.left + last.width + last.space / 2, last.middle)

    def answer(self, reading: InsideReading) -> None:
        """Draw the answer in large type, and whether to trust it."""
        prediction = reading.prediction
        best = shown_name(prediction.classes, int(prediction.probabilities.argmax()))
        is_none = prediction.verdict is Verdict.NOT_A_DIGIT
        width = SIZE[0] - _MARGIN - _RIGHT
        colour = _TEXT if prediction.is_sure else _QUIET
        closest = f"closest: {best}, " if is_none else ""
        verdict = f"{prediction.description}, {closest}{percent(prediction.probability)}"
        for line, foot, largest, smallest, bold in (
            ("?" if is_none else best, 130, _HUGE, _LARGE, True),
            (verdict, 210, _LARGE, _TINY, False),
        ):
            size = int(largest * min(width / width_of(line, largest), 1))
            self._letters.write(
                (_RIGHT, _MARGIN + foot),
                line,
                max(size, smallest),
                colour,
                width=width,
                anchor="ls",
                bold=bold,
            )

    def classes(self, reading: InsideReading, target: int) -> None:
        """Draw the logits and the probabilities as bars, a row for each class."""
        prediction = reading.prediction
        logits = reading.values[-1]
        shown = _shown_classes(logits, target)
        row = min((_BOTTOM - _TOP - _CAPTION) / len(shown), 110.0)
        size = min(_SMALL, int(row * 0.85))
        names = {index: shown_name(prediction.classes, index) for index in shown}
        widest = min(max(width_of(name, size) for name in names.values()), 170)
        left, right = _RIGHT + math.ceil(widest) + 24, SIZE[0] - _MARGIN
        # Each kind of bar has a number at its right end.
        number_width = 125
        bar = (right - left - 2 * number_width - 30) // 2
        bars, chances = left, left + bar + number_width + 30
        layer, *rest = _caption_of(reading.layers, len(reading.layers) - 1)
        self._caption(bars, (f"{layer}: logits", *rest))
        some = (f"{len(shown)} are shown",) if len(shown) < len(logits) else ()
        self._caption(chances, ("probabilities", str(len(logits)), "softmax", *some))
        low, high = min(float(logits.min()), 0.0), max(float(logits.max()), 0.0)
        zero = bars + bar * -low / max(high - low, 1e-9)
        top = _TOP + _CAPTION
        for place, index in enumerate(shown):
            middle = top + (place + 0.5) * row
            is_best = index == int(prediction.probabilities.argmax())
            colour = _TEXT if is_best else _QUIET
            self._letters.write(
                (_RIGHT, middle), names[index], size, colour, width=widest, anchor="lm",
                bold=is_best,
            )  # fmt: skip
            logit = float(logits[index])
            end = zero + bar * logit / max(high - low, 1e-9)
            fill = NEGATIVE if logit < 0 else POSITIVE
            self._bar(min(zero, end), max(zero, end), middle, row, fill)
            self._letters.write(
                (bars + bar + number_width - 10, middle), _signed(logit), size, colour, anchor="rm"
            )
            chance = float(prediction.probabilities[index])
            self._bar(chances, chances + bar, middle, row, _TRACK)
            self._bar(chances, chances + bar * chance, middle, row, _TEXT if is_best else _QUIET)
            self._letters.write(
                (right, middle), percent(chance), size, colour, anchor="rm", bold=is_best
            )
        self._pen.line([(zero, top), (zero, top + row * len(shown))], _LINE, 3)

    def legend(self) -> None:
        """Draw what the colours mean."""
        middle, width, height = _BOTTOM + 85, 420, 34
        left = round(_LEFT + (_RIGHT - _LEFT) / 2) - 700
        self._letters.write((left, middle), "negative", _SMALL, NEGATIVE, anchor="lm")
        left += round(width_of("negative", _SMALL)) + 20
        top = middle - height // 2
        self._picture.paste(scale(width, height), (left, top))
        self._pen.rectangle((left - 2, top - 2, left + width + 1, top + height + 1), None, _LINE, 2)
        centre = left + width / 2
        self._pen.line([(centre, top - 8), (centre, top + height + 8)], _LINE, 3)
        self._letters.write((centre, top - 10), "0", _TINY, _QUIET, anchor="ms")
        left += width + 20
        self._letters.write((left, middle), "positive", _SMALL, POSITIVE, anchor="lm")
        left += round(width_of("positive", _SMALL)) + 50
        note = "In each layer the value farthest from 0 has the full colour."
        self._letters.write((left, middle), note, _SMALL, _QUIET, anchor="lm")

    def _caption(self, left: float, lines: tuple[str, ...], top: int = _TOP) -> None:
        for number, line in enumerate(lines):
            at = (left, top + round(number * _TINY * _LINE_HEIGHT))
            first = number == 0
            self._letters.write(at, line, _TINY, _TEXT if first else _QUIET, bold=first)

    def _paste(self, pixels: Pixels, left: int, top: int, side: int) -> None:
        """Draw a square of (N, N, 3) pixels with a thin frame around it."""
        frame = (left - 2, top - 2, left + side + 1, top + side + 1)
        self._pen.rectangle(frame, None, _LINE, 2)
        square = Image.fromarray(pixels).resize((side, side), Image.Resampling.NEAREST)
        self._picture.paste(square, (left, top))

    def _bar(self, left: float, right: float, middle: float, row: float, colour: str) -> None:
        if right - left >= 1:
            high = min(row * 0.3, 22)
            self._pen.rectangle((left, middle - high, right, middle + high), colour)

    def _arrow(self, middle: float, height: int) -> None:
        points = [(middle - 7, height - 16), (middle + 7, height), (middle - 7, height + 16)]
        self._pen.line(points, _LINE, 5, "curve")


def shown_name(classes: tuple[str, ...], index: int) -> str:
    """Return the start of a class's name, or its place if no font can write the name."""
    name = printable(classes[index], _LONGEST_NAME)
    return name if can_be_written(name) else f"class {index + 1}"


def _signed(value: float) -> str:
    """Return a logit in at most eight characters; nothing is '-0.00'."""
    return f"{round(value, 2) + 0.0:.2f}" if abs(value) < 1000 else f"{value:.1e}"


def _shown_classes(logits: Values, target: int) -> list[int]:
    """Return the classes that there is room for, in their order: ``target`` and the likeliest."""
    likeliest = np.argsort(-logits, kind="stable").tolist()
    likeliest.remove(target)
    return sorted([target, *likeliest[: _MOST_CLASSES - 1]])


def _size(layer: Layer) -> str:
    # The font has no '×'.
    return layer.shape_text.replace("×", "x")


def _caption_of(layers: tuple[Layer, ...], number: int) -> tuple[str, ...]:
    """Return a layer's name, its shape, and its number of parameters or what it adds."""
    layer = layers[number]
    if layer.kind is LayerKind.SUM:
        first, second = (layers[source].name for source in layer.sources)
        return (layer.name, _size(layer), f"{first} +", second)
    return (
        layer.name,
        _size(layer),
        f"{layer.parameters:,}" if layer.parameters else "no",
        "parameters",
    )


def _explanation(method: Method, name: str) -> str:
    match method:
        case Method.OCCLUSION:
            return (
                f"Occlusion: if blue parts are covered, {name} becomes less likely; if orange ones "
                "are, more likely."
            )
        case Method.INTEGRATED_GRADIENTS:
            return (
                "Integrated gradients: while the ink grows from bare paper, blue pixels raise the "
                f"odds of {name} and orange ones lower them."
            )
        case Method.SHAPLEY:
            return (
                f"Shapley values: what each pixel adds to the odds of {name} (blue) or takes from "
                "them (orange), averaged over random parts of the ink."
            )
