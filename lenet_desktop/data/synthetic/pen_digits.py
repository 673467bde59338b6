"""Synthetic pen digits: what people draw on a pad, where MNIST's writers had a pencil and paper.

MNIST's digits are those of American clerks and pupils. Much of the world writes a 1 with a long
up-stroke, a 7 with a bar or a 0 with a slash, and a mouse leaves jagged lines of few points. A
network that has never seen such digits misreads them, so it is shown some that no person wrote:

1. ``resources/pen-digits.json`` holds a few drawings of each way of writing a digit (a style);
2. ``sketch`` blends a style's drawings and deforms them without end;
3. ``draw`` gives the 28x28 digits that the pad's brush and ``preprocess`` would make of them.

``draw`` makes no large picture to shrink afterwards, but computes how much of each of the 20x20
cells the brush covers, many digits at a time: the same digits in a hundredth of the time.
"""

import functools
import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from lenet_desktop import paths
from lenet_desktop.drawing.preprocess import BOX_SIZE, SAMPLE_SIZE

# Curves are broken into straight lines about this long, where the digit is 1 high. On a circle
# as large as half an 8, that leaves an error of a fifteenth of a cell.
_LINE_LENGTH = 0.08
# Lines x cells that are measured at one time: small enough to stay in a processor's cache, or
# large enough to keep a graphics card busy.
_BATCH, _BATCH_ELSEWHERE = 1 << 18, 1 << 24
# What preprocess knows as private numbers; a test holds that both ways lead to the same digits.
_THINNEST = 1.5
_MEASURED = 0.97  # the stroke width that it finds, relative to the brush
_MIDDLE = 14.5


@dataclass(frozen=True, eq=False)
class Style:
    """A way of writing a digit.

    Attributes:
        digit: 0 to 9.
        name: what it looks like, in a few words.
        share: how often it is drawn, relative to the other styles of its digit.
        drawings: (D, P, 2) float32, the points of all strokes of each drawing, y down, the digit
            about 1 high.
        curve: (M, P) float32, takes a drawing's points to points along its curves.
        starts: (S,) int64, the curve's points from which a line runs to the next one: all but the
            last one of each stroke.
        kept: (M,) bool, the curve's points that a pen never leaves out: ends and corners.
        strokes: the first of its points of each stroke, and the number of points at last.
    """

    digit: int
    name: str
    share: float
    drawings: Tensor
    curve: Tensor
    starts: Tensor
    kept: Tensor
    strokes: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Sketches:
    """Digits of one style as lines, before they are drawn.

    Attributes:
        points: (N, M, 2) float32, y down, the digits about 1 high.
        starts: (S,) int64, the points from which a line runs to the next one.
        brushes: (N,) float32, the diameter of the brush, in the same units as the points.
    """

    points: Tensor
    starts: Tensor
    brushes: Tensor

    def strokes(self, index: int) -> list[NDArray[np.float32]]:
        """Give one digit's strokes, points (K, 2) each, as ``ink.place`` takes them."""
        lines = set(self.starts.tolist())
        strokes: list[list[int]] = [[]]
        for point in range(self.points.shape[1]):
            strokes[-1].append(point)
            if point not in lines:
                strokes.append([])
        return [self.points[index, stroke].numpy() for stroke in strokes[:-1]]


def draw_pen_digits(
    count: int, *, seed: int, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Draw synthetic pen digits, as many of each kind as of any other, in random order.

    The same seed gives the same strokes everywhere, and the same digits bit for bit on the same
    device. Torch's global random numbers are left alone.

    Returns:
        uint8 (count, 28, 28), 0 paper to 255 full ink, and int64 (count,), 0 to 9; on ``device``.
    """
    random = Generator().manual_seed(seed)
    # Where count is no multiple of ten, chance decides which digits there is one more of.
    wanted = torch.bincount(torch.randperm(10, generator=random).repeat(count // 10 + 1)[:count])
    images, labels = [], []
    for digit, digits in enumerate(torch.nn.functional.pad(wanted, (0, 10))[:10].tolist()):
        for style, drawings in _divide(digits, [s for s in styles() if s.digit == digit], random):
            images.append(draw(sketch(style, drawings, random), device))
            labels += [digit] * drawings
    order = torch.randperm(count, generator=random)
    if not images:
        return torch.zeros(0, SAMPLE_SIZE, SAMPLE_SIZE, dtype=torch.uint8, device=device), order
    return torch.cat(images)[order.to(device)], torch.tensor(labels)[order].to(device)


def _divide(count: int, among: Sequence[Style], random: Generator) -> list[tuple[Style, int]]:
    shares = torch.tensor([s.share for s in among])
    if not count:
        return []
    chosen = torch.multinomial(shares, count, replacement=True, generator=random)
    parts = torch.bincount(chosen, minlength=len(among)).tolist()
    return [(s, n) for s, n in zip(among, parts, strict=True) if n]


@functools.cache
def styles() -> tuple[Style, ...]:
    """Read all the styles from ``resources/pen-digits.json``."""
    content = json.loads(paths.resource("pen-digits.json").read_text(encoding="utf-8"))
    return tuple(read_style(s) for s in content["styles"])


def read_style(values: dict[str, object]) -> Style:
    """Read a style as ``resources/pen-digits.json`` writes it, and make its splines.

    Raises:
        ValueError: its drawings differ in strokes, points or corners.
    """
    digit, name, share, texts = (values[k] for k in ("digit", "name", "share", "drawings"))
    assert isinstance(digit, int) and isinstance(name, str) and isinstance(texts, list)
    assert isinstance(share, int | float)
    drawings, shapes = zip(*(_read_drawing(text) for text in texts), strict=True)
    if len(set(shapes)) > 1:
        raise ValueError(f"The drawings of {digit}, {name}, differ in strokes, points or corners")
    corners = [np.array([mark == "!" for mark in stroke]) for stroke in shapes[0].split(" ")]
    points = np.stack(drawings)
    curve: list[NDArray[np.float64]] = []
    kept: list[bool] = []
    starts, strokes = [], [0]
    for corner in corners:
        first, last = strokes[-1], strokes[-1] + len(corner)
        operator, at_corner = _spline(points[:, first:last].mean(axis=0), corner)
        starts += [len(kept) + i for i in range(len(operator) - 1)]
        curve.append(np.pad(operator, ((0, 0), (first, points.shape[1] - last))))
        kept += at_corner
        strokes.append(last)
    return Style(
        digit=digit,
        name=name,
        share=float(share),
        drawings=torch.from_numpy(points).float(),
        curve=torch.from_numpy(np.concatenate(curve)).float(),
        starts=torch.tensor(starts),
        kept=torch.tensor(kept),
        strokes=tuple(strokes),
    )


def _read_drawing(strokes: list[str]) -> tuple[NDArray[np.float64], str]:
    """Give the points of all strokes, and the strokes' marks: '.' a point, '!' a corner."""
    words = [stroke.split() for stroke in strokes]
    points = [[float(n) / 100 for n in w.rstrip("!").split(",")] for ws in words for w in ws]
    marks = " ".join("".join("!" if w.endswith("!") else "." for w in ws) for ws in words)
    return np.array(points), marks


def _spline(
    points: NDArray[np.float64], corner: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], list[bool]]:
    """Make the operator (M, P) that runs a natural cubic spline through P points of a stroke.

    At corners one spline ends and the next begins. The second value marks ends and corners.
    """
    count = len(points)
    ends = [0, *np.flatnonzero(corner), count - 1]
    rows, kept = [np.eye(count)[:1]], [True]
    for first, last in itertools.pairwise(ends):
        lengths = np.hypot(*np.diff(points[first : last + 1], axis=0).T)
        lines = np.maximum(np.round(lengths / _LINE_LENGTH), 2).astype(int)
        # The root of the length as the knots' distance keeps short spans from bulging.
        operator = _natural_spline(np.sqrt(lengths), lines)
        rows.append(np.pad(operator, ((0, 0), (first, count - 1 - last))))
        kept += [False] * (len(operator) - 1) + [True]
    return np.concatenate(rows), kept


def _natural_spline(spans: NDArray[np.float64], lines: NDArray[np.int_]) -> NDArray[np.float64]:
    """Give the values at ``lines`` equal steps of each span, as a matrix applied to the knots."""
    count = len(spans) + 1
    knots = np.eye(count)
    # Second derivatives: none at both ends, and slopes that agree in between.
    system, right = np.eye(count), np.zeros((count, count))
    for i in range(1, count - 1):
        before, after = spans[i - 1], spans[i]
        system[i, i - 1 : i + 2] = before / 6, (before + after) / 3, after / 6
        right[i] = (knots[i + 1] - knots[i]) / after - (knots[i] - knots[i - 1]) / before
    bends = np.linalg.solve(system, right)
    rows = []
    for i, (span, steps) in enumerate(zip(spans, lines, strict=True)):
        b = (np.arange(1, steps + 1) / steps)[:, np.newaxis]
        a = 1 - b
        curved = (a**3 - a) * bends[i] + (b**3 - b) * bends[i + 1]
        rows.append(a * knots[i] + b * knots[i + 1] + curved * span**2 / 6)
    return np.concatenate(rows)


def sketch(style: Style, count: int, random: Generator) -> Sketches:
    """Write a digit ``count`` times in one style, each time differently."""
    points = _blend(style, count, random)
    # Some people are neat and some are not.
    care = _uniform((count, 1, 1), 0.4, 1.6, random)
    points = points + 0.022 * care * torch.randn(points.shape, generator=random)
    for first, last in itertools.pairwise(style.strokes):
        _misplace(points, first, last, care[:, :, 0], random)
    points = style.curve @ points
    points = _warp(points, care, random)
    points = _lean(points, random)
    points = _shake(points, random)
    points = _leave_out(points, style.kept, random)
    points = _round(points, random)
    return Sketches(points, style.starts, _choose_brushes(points, style.digit == 1, random))


def _uniform(shape: tuple[int, ...], low: float, high: float, random: Generator) -> Tensor:
    return torch.rand(shape, generator=random) * (high - low) + low


def _normal(shape: tuple[int, ...], spread: float, random: Generator) -> Tensor:
    """Give normal numbers without their tails: nothing beyond two and a half spreads."""
    return torch.randn(shape, generator=random).clamp_(-2.5, 2.5) * spread


def _blend(style: Style, count: int, random: Generator) -> Tensor:
    """Mix the drawings, going a little beyond each of them."""
    drawings = len(style.drawings)
    parts = -torch.log(_uniform((count, drawings, 1, 1), 1e-6, 1, random))
    parts = parts / parts.sum(dim=1, keepdim=True)
    parts = 1 / drawings + 1.2 * (parts - 1 / drawings)
    return (parts * style.drawings).sum(dim=1)


def _misplace(points: Tensor, first: int, last: int, care: Tensor, random: Generator) -> None:
    """Let a stroke begin and end too early or too late, and stand a little beside its place."""
    count = len(points)
    early, late = _normal((2, count, 1), 0.13, random) * care
    start, end = points[:, first].clone(), points[:, last - 1].clone()
    points[:, first] += early * (start - points[:, first + 1])
    points[:, last - 1] += late * (end - points[:, last - 2])
    if first:
        points[:, first:last] += _normal((count, 1, 2), 0.025, random) * care[:, :, None]


def _warp(points: Tensor, care: Tensor, random: Generator) -> Tensor:
    """Bend the paper under the digit: what touches still touches."""
    count = len(points)
    x, y = points[..., 0] - 0.5, points[..., 1] - 0.5
    upper, wider, bow = _normal((3, count, 1), 1, random)
    arch = torch.cos(math.pi * y.clamp(-0.5, 0.5))
    x = x * (1 + 0.22 * wider * y) + 0.03 * bow * arch
    y = y + 0.06 * upper * arch
    for _ in range(2):
        waves = _uniform((count, 1, 2), -1, 1, random) * 6
        phase = _uniform((count, 1, 2), 0, 2 * math.pi, random)
        size = _normal((count, 1, 2), 0.022, random) * care
        angle = waves[..., :1] * x[..., None] + waves[..., 1:] * y[..., None] + phase
        shift = size * torch.sin(angle)
        x, y = x + shift[..., 0], y + shift[..., 1]
    return torch.stack((x, y), dim=2)


def _lean(points: Tensor, random: Generator) -> Tensor:
    """Stretch, slant and turn the digits as a whole."""
    count = len(points)
    x, y = points[..., 0], points[..., 1]
    x = x * torch.exp(_normal((count, 1), 0.22, random))
    # More people lean to the right than to the left.
    x = x - y * (0.08 + _normal((count, 1), 0.18, random))
    turn = _normal((count, 1), 0.09, random)
    sine, cosine = torch.sin(turn), torch.cos(turn)
    return torch.stack((x * cosine - y * sine, x * sine + y * cosine), dim=2)


def _shake(points: Tensor, random: Generator) -> Tensor:
    """Let half of the hands tremble."""
    count = len(points)
    amount = (_normal((count, 1, 1), 0.012, random)).clamp_(min=0)
    return points + amount * torch.randn(points.shape, generator=random)


def _leave_out(points: Tensor, kept: Tensor, random: Generator) -> Tensor:
    """Leave out points of fast strokes; straight lines join what is left."""
    count, length = points.shape[:2]
    # From every point to every fourth, which is as sparse as an 8 can stay an 8.
    stride = _uniform((count, 1), 0.2, 4, random).clamp(min=1)
    steps = torch.arange(length) + _uniform((count, 1), 0, 4, random)
    steps = ((steps + _uniform((count, length), 0, 1, random)) / stride).floor()
    keep = torch.ones(count, length, dtype=torch.bool)
    keep[:, 1:] = kept[1:] | (steps[:, 1:] > steps[:, :-1])
    index = torch.arange(length).expand(count, length)
    before = torch.where(keep, index, 0).cummax(dim=1).values
    after = torch.where(keep, index, length).flip(1).cummin(dim=1).values.flip(1)
    part = ((index - before) / (after - before).clamp(min=1)).unsqueeze(2)
    left = points.gather(1, before.unsqueeze(2).expand(-1, -1, 2))
    right = points.gather(1, after.unsqueeze(2).expand(-1, -1, 2))
    return left + part * (right - left)


def _round(points: Tensor, random: Generator) -> Tensor:
    """Round some digits to whole pixels of a small drawing: the stair-steps of a mouse."""
    count = len(points)
    pixels = torch.exp(_uniform((count, 1, 1), math.log(18), math.log(80), random))
    rounded = torch.round(points * pixels) / pixels
    return torch.where(torch.rand(count, 1, 1, generator=random) < 0.35, rounded, points)


def _choose_brushes(points: Tensor, a_line: bool, random: Generator) -> Tensor:
    """Choose brushes from the pad's thinnest on a large digit to its thickest on a small one.

    On digits scaled to 20 cells, most strokes are 1.5 to 3 cells wide. Beyond 5, and beyond half
    the width of what is more than a line, the digit's holes fill with ink and nobody can read it.
    """
    count = len(points)
    cells = 2.0 * torch.exp(_normal((count,), 0.35, random))
    thick = _uniform((count,), 3, 5, random)
    cells = torch.where(torch.rand(count, generator=random) < 0.12, thick, cells)
    size = points.amax(dim=1) - points.amin(dim=1)
    brushes = size.amax(dim=1) * cells / (BOX_SIZE - cells)
    return brushes if a_line else torch.minimum(brushes, size.amin(dim=1) / 2)


def draw(sketches: Sketches, device: torch.device | str = "cpu") -> Tensor:
    """Draw digits as ``preprocess`` would give them: uint8 (N, 28, 28), on ``device``."""
    device = torch.device(device)
    starts = sketches.starts.to(device)
    limit = _BATCH if device.type == "cpu" else _BATCH_ELSEWHERE
    step = max(1, limit // (len(starts) * BOX_SIZE**2))
    batches = zip(
        torch.split(sketches.points, step), torch.split(sketches.brushes, step), strict=True
    )
    images = [_draw(p.to(device), starts, b.to(device)) for p, b in batches]
    return torch.cat(images)


def _draw(points: Tensor, starts: Tensor, brushes: Tensor) -> Tensor:
    low, high = points.amin(dim=1), points.amax(dim=1)
    brushes = brushes[:, None]
    size = high - low + brushes  # (N, 2), the box of the ink
    scale = BOX_SIZE / size.amax(dim=1, keepdim=True)
    # Thin strokes are thickened. The box grows by whole quarters of a cell, for that is how fine
    # preprocess looks, and is then scaled once more.
    grow = (_THINNEST - _MEASURED * brushes * scale).clamp(min=0) / 2
    margin = (grow * 4).ceil() / 4
    again = BOX_SIZE / (BOX_SIZE + 2 * margin)
    radius = (brushes * scale / 2 + grow) * again
    size = (size * scale + 2 * margin) * again
    points = (points - low[:, None] + brushes[:, None] / 2) * (scale * again)[:, None]
    points = points + (margin * again)[:, None]
    cells = size.round().clamp(1, BOX_SIZE)
    covered = _cover(points[:, starts], points[:, starts + 1], radius[:, 0], size / cells)
    index = torch.arange(BOX_SIZE, device=points.device)
    inside = (index < cells[:, 1:])[:, :, None] & (index < cells[:, :1])[:, None]
    return centre((covered * 255 + 0.5).floor() * inside, cells)


def _cover(a: Tensor, b: Tensor, radius: Tensor, cell: Tensor) -> Tensor:
    """Tell how much of each cell a round brush covers that goes along lines.

    Args:
        a, b: (N, S, 2), where the lines begin and end.
        radius: (N,), the brush's.
        cell: (N, 2), the cells' width and height, about 1.

    Returns:
        (N, 20, 20), row by row, 0 to 1.
    """
    middles = (torch.arange(BOX_SIZE, device=a.device) + 0.5) * cell[:, :, None]  # (N, 2, 20)
    x = (middles[:, None, 0] - a[..., :1])[:, :, None, :]  # (N, S, 1, 20)
    y = (middles[:, None, 1] - a[..., 1:])[:, :, :, None]  # (N, S, 20, 1)
    along = b - a
    unit = along / (along * along).sum(dim=2, keepdim=True).clamp(min=1e-12)
    nearest = (x * unit[:, :, None, :1] + y * unit[:, :, 1:, None]).clamp_(0, 1)
    dx = torch.addcmul(x, nearest, along[:, :, None, :1], value=-1)
    dy = torch.addcmul(y, nearest, along[:, :, 1:, None], value=-1)
    distance = dx.mul_(dx).addcmul_(dy, dy).amin(dim=1).sqrt_()  # (N, 20, 20)
    return (radius[:, None, None] + 0.5 - distance).clamp_(0, 1)


def centre(ink: Tensor, cells: Tensor) -> Tensor:
    """Put ink (N, 20, 20), 0 to 255, into 28x28, its centre of mass in the middle."""
    index = torch.arange(BOX_SIZE, device=ink.device) + 0.5
    total = ink.sum(dim=(1, 2))
    middle = torch.stack((ink.sum(dim=1) @ index, ink.sum(dim=2) @ index), dim=1) / total[:, None]
    shift = torch.minimum((_MIDDLE - middle).round().clamp(min=0), SAMPLE_SIZE - cells)
    source = torch.arange(SAMPLE_SIZE, device=ink.device) - shift.long()[:, :, None]  # (N, 2, 28)
    # Whatever lies beside the box comes from an empty rim.
    rim = torch.nn.functional.pad(ink, (0, 1, 0, 1)).to(torch.uint8)
    source = torch.where((source >= 0) & (source < BOX_SIZE), source, BOX_SIZE)
    digit = torch.arange(len(ink), device=ink.device)[:, None, None]
    return rim[digit, source[:, 1, :, None], source[:, 0, None, :]]
