"""What the paper shows: smooth curves, and nothing that is not ink."""

import numpy as np
import pytest

from hands import DEMO, RIGHT, points
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Ink, Stroke
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.sheet import Sheet
from lenet_desktop.ui.pad.smooth import ink_and_shown
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.style.theme import LIGHT


def a_circle(count: int, radius: float = 250) -> np.ndarray:
    turns = np.linspace(0, 2 * np.pi, count + 1)
    circle = 400 + radius * np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    return circle.round(2).astype(np.float32)


def draw_on(sheet: Sheet, stroke: np.ndarray, brush: float = 40, erases: bool = False) -> None:
    sheet.begin(tuple(stroke[0].tolist()), brush, erases)
    for point in stroke[1:].tolist():
        sheet.extend(tuple(point))
    step = sheet.finish()
    if step is not None:
        sheet.redo(step)


def from_the_circle(ink: Ink, brush: float) -> float:
    """Return how far the outer edge of the ink is from that of a round circle, at most."""
    middle = np.argwhere((ink > 100) & (ink < 155)) + 0.5 - 400
    radii = np.hypot(*middle.T)
    # Not where the stroke begins and ends: a curve does not know that its ends meet.
    turns = np.abs(np.arctan2(middle[:, 0], middle[:, 1]))
    outside = radii[(radii > 250) & (turns > 2 * np.pi / 14)]
    return float(np.abs(outside - (250 + brush / 2)).max())


def test_a_circle_of_few_points_looks_round() -> None:
    sheet = Sheet()
    draw_on(sheet, a_circle(14))
    kinks, smooth = from_the_circle(sheet.ink, 40), from_the_circle(sheet.shown, 40)
    assert kinks > 5
    assert smooth < 2


def test_the_curve_runs_through_the_points() -> None:
    sheet = Sheet()
    stroke = a_circle(9)
    draw_on(sheet, stroke, brush=16)
    columns, rows = stroke.astype(int).T
    assert sheet.shown[rows, columns].min() == 255


@pytest.mark.parametrize("label", DEMO)
def test_what_is_shown_bit_by_bit_is_what_an_opened_file_shows(canvas: Canvas, label: str) -> None:
    play_strokes(canvas, [stroke[::3] for stroke in DEMO[label]])
    play_strokes(canvas, [points((100, 300), (300, 500), (700, 420))], RIGHT)
    play_strokes(canvas, [points((600, 600), (640, 640), (700, 610), (710, 500))])
    shown = canvas._sheet.shown
    assert np.array_equal(shown, ink_and_shown(canvas.drawing)[1])
    assert not np.array_equal(shown, canvas.ink()), "it is smoother than the ink"
    assert np.array_equal(canvas.ink(), rasterize(canvas.drawing))


def test_the_stroke_is_smooth_while_it_is_drawn() -> None:
    sheet = Sheet()
    stroke = a_circle(14)
    sheet.begin(tuple(stroke[0].tolist()), 40, erases=False)
    for number, point in enumerate(stroke[1:].tolist(), 2):
        sheet.extend(tuple(point))
        so_far = Drawing((Stroke(stroke[:number], 40),))
        assert np.array_equal(sheet.shown, ink_and_shown(so_far)[1])


def test_the_changed_part_contains_all_that_changed() -> None:
    sheet = Sheet()
    stroke = a_circle(14)
    before = sheet.shown.copy()
    sheet.begin(tuple(stroke[0].tolist()), 40, erases=False)
    before[:] = sheet.shown
    for point in stroke[1:].tolist():
        rect = sheet.extend(tuple(point))
        assert rect is not None
        left, top, right, bottom = rect
        outside = sheet.shown != before
        assert outside.any()
        outside[top:bottom, left:right] = False
        assert not outside.any()
        before[:] = sheet.shown


@pytest.mark.parametrize("brush", [40, 60])
def test_erasing_along_a_stroke_leaves_nothing_to_be_seen(brush: float) -> None:
    sheet = Sheet()
    draw_on(sheet, a_circle(9))
    draw_on(sheet, a_circle(9), brush, erases=True)
    assert sheet.is_blank
    assert not sheet.shown.any()


def test_close_to_an_eraser_the_ink_itself_is_shown() -> None:
    """Nothing that is read may be invisible, and nothing that is seen may be missing."""
    sheet = Sheet()
    draw_on(sheet, a_circle(9))
    path = a_circle(9, 262)[2:7]
    draw_on(sheet, path, 40, erases=True)
    near = rasterize(Drawing((Stroke(path, 50),))) > 0
    assert sheet.ink[near].any()
    assert np.array_equal(sheet.shown[near], sheet.ink[near])
    assert np.array_equal(sheet.shown, ink_and_shown(sheet.drawing)[1])


def test_undo_and_redo_bring_back_what_was_shown(canvas: Canvas) -> None:
    seen = [canvas._sheet.shown.copy()]
    for stroke, button in (
        (DEMO["3"][0][::4], None),
        (DEMO["5"][0][::4], None),
        (points((200, 200), (300, 400), (500, 400)), RIGHT),
    ):
        play_strokes(canvas, [stroke], *([] if button is None else [button]))
        seen.append(canvas._sheet.shown.copy())
    canvas.clear()
    seen.append(canvas._sheet.shown.copy())
    for expected in seen[-2::-1]:
        canvas.undo()
        assert np.array_equal(canvas._sheet.shown, expected)
    for expected in seen[1:]:
        canvas.redo()
        assert np.array_equal(canvas._sheet.shown, expected)


def test_the_screen_shows_the_curve(canvas: Canvas) -> None:
    sheet = canvas._sheet
    play_strokes(canvas, [a_circle(9)])
    image = canvas.grab().toImage()
    for mask, name in (
        ((sheet.shown == 255) & (sheet.ink == 0), LIGHT.ink),
        ((sheet.shown == 0) & (sheet.ink == 255), LIGHT.paper),
    ):
        # Far enough from edges, which are blurred.
        inner = np.min([np.roll(mask, s, a) for s in (-4, 0, 4) for a in (0, 1)], axis=0)
        places = np.argwhere(inner)
        assert len(places) > 20
        for y, x in places[::7].tolist():
            assert image.pixelColor(canvas.from_pad(x, y).toPoint()).name() == name
