"""The sheet: strokes, ink and steps without a window; the cost of one more point."""

import numpy as np

from hands import dot
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.ui.pad.sheet import Sheet, Step


def test_each_event_hands_over_the_points_without_copying_them() -> None:
    sheet = Sheet()
    sheet.begin((400.0, 400.0), 20, erases=False)
    before = sheet.drawing_so_far.strokes[0].points
    copies = 0
    for i in range(10_000):
        sheet.extend((400.0 + i % 2, 400.0 + i // 2 % 2))
        points = sheet.drawing_so_far.strokes[0].points
        copies += not np.shares_memory(before, points)
        before = points
    assert len(points) == 10_000
    assert copies <= 8, "it grows by doubling"


def test_points_handed_over_never_change() -> None:
    sheet = Sheet()
    sheet.begin((10.0, 10.0), 20, erases=False)
    seen = [sheet.drawing_so_far]
    expected = [[[10.0, 10.0]]]
    for i in range(300):
        sheet.extend((float(i), 20.0))
        seen.append(sheet.drawing_so_far)
        expected.append([*expected[-1], [float(i), 20.0]])
    sheet.finish()
    sheet.begin((700.0, 700.0), 20, erases=False)
    assert [drawing.strokes[0].points.tolist() for drawing in seen] == expected
    assert not any(drawing.strokes[0].points.flags.writeable for drawing in seen)


def test_a_stroke_can_be_undone_and_redone() -> None:
    sheet = Sheet()
    sheet.begin((200.0, 100.0), 56, erases=False)
    step = sheet.finish()
    assert step is not None
    sheet.redo(step)
    assert np.array_equal(sheet.ink, dot(200, 100))
    assert np.array_equal(rasterize(sheet.drawing), sheet.ink)
    sheet.undo(step)
    assert sheet.is_blank
    assert sheet.drawing.strokes == ()


def test_erasing_bare_paper_is_no_step() -> None:
    sheet = Sheet()
    sheet.begin((200.0, 100.0), 56, erases=True)
    assert sheet.finish() is None
    assert sheet.finish() is None


def test_replace_uses_the_given_ink() -> None:
    sheet = Sheet()
    drawing = Drawing(picture=dot(300, 300))
    step = sheet.replace(drawing, (dot(300, 300), dot(300, 300)))
    assert step is not None
    sheet.redo(step)
    assert np.array_equal(sheet.ink, dot(300, 300))
    assert sheet.replace(Drawing(picture=dot(300, 300))) is None, "the same picture once more"


def test_steps_between_sheets_of_different_widths_can_be_undone_and_redone() -> None:
    sheet = Sheet()
    sheet.set_width(1511)
    sheet.begin((1400.0, 300.0), 56, erases=False)
    stroke = sheet.finish()
    assert stroke is not None
    sheet.redo(stroke)
    wide = sheet.ink.copy()
    picture = sheet.replace(Drawing(picture=dot(300, 300)))
    assert picture is not None
    assert sheet.redo(picture) == (0, 0, 800, 800)
    assert np.array_equal(sheet.ink, dot(300, 300))
    sheet.set_width(1000)
    assert sheet.drawing.width == 800, "there is a picture on it"
    assert sheet.undo(picture) == (0, 0, 1511, 800)
    assert np.array_equal(sheet.ink, wide)
    sheet.undo(stroke)
    sheet.set_width(900)
    assert sheet.ink.shape == sheet.shown.shape == (800, 900)
    sheet.redo(stroke)
    assert np.array_equal(sheet.ink, wide)
    assert np.array_equal(rasterize(sheet.drawing), wide)


def drawn(sheet: Sheet, *points: tuple[float, float]) -> Step:
    sheet.begin(points[0], 56, erases=False)
    for point in points[1:]:
        sheet.extend(point)
    step = sheet.finish()
    assert step is not None
    sheet.redo(step)
    return step


def test_the_sheet_becomes_narrower_and_wider_without_losing_ink() -> None:
    sheet = Sheet()
    sheet.set_width(1500)
    first = drawn(sheet, (200.0, 100.0), (300.0, 700.0))
    sheet.set_width(800)
    assert sheet.drawing.width == 800
    assert np.array_equal(sheet.ink, rasterize(sheet.drawing))
    sheet.set_width(1500)
    second = drawn(sheet, (1200.0, 100.0), (1200.0, 700.0))
    sheet.set_width(800)
    assert 1228 < sheet.drawing.width < 1300, "as narrow as the ink allows"
    whole = sheet.ink.copy()
    assert np.array_equal(whole, rasterize(sheet.drawing))
    for step in (second, first):
        sheet.undo(step)
        assert np.array_equal(sheet.ink, rasterize(sheet.drawing))
    assert sheet.is_blank
    sheet.set_width(900)
    for step in (first, second):
        sheet.redo(step)
        assert np.array_equal(sheet.ink, rasterize(sheet.drawing))
    assert np.array_equal(sheet.ink[:, : whole.shape[1]], whole)


def test_what_was_drawn_beyond_the_edge_is_on_a_wider_sheet() -> None:
    sheet = Sheet()
    drawn(sheet, (700.0, 400.0), (1100.0, 400.0))
    sheet.set_width(1500)
    assert np.array_equal(sheet.ink, rasterize(sheet.drawing))
    assert sheet.ink[400, 1050] == 255
