"""The pad at any size and pixel ratio: the same ink, and only changed parts are repainted."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPalette, QRegion
from pytestqt.qtbot import QtBot

from hands import DEMO, MOVE, PRESS, RELEASE, contrast, points
from lenet_desktop.ui.app import make_app
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.smooth import ink_and_shown
from lenet_desktop.ui.self_test import play_strokes, send_mouse
from lenet_desktop.ui.style.theme import DARK, LIGHT, Colours, colours, set_theme

# Window size and pixel ratio


@pytest.mark.parametrize("size", [(810, 810), (1610, 1610), (410, 900), (1300, 410)])
def test_strokes_over_the_same_points_leave_exactly_the_same_ink_at_any_size(
    canvas: Canvas, size: tuple[int, int]
) -> None:
    strokes = [np.round(stroke / 4) * 4 for stroke in DEMO["5"]]  # on whole pixels in each
    play_strokes(canvas, strokes)
    expected = canvas.ink()
    canvas.clear()
    canvas.resize(*size)
    play_strokes(canvas, strokes)
    assert np.array_equal(canvas.ink(), expected)


@pytest.mark.parametrize("side", [351, 523, 1001])
def test_strokes_leave_nearly_the_same_ink_at_odd_sizes(canvas: Canvas, side: int) -> None:
    play_strokes(canvas, DEMO["5"])
    expected = canvas.ink()
    canvas.clear()
    canvas.resize(side, side + 37)
    play_strokes(canvas, DEMO["5"])
    difference = np.abs(canvas.ink().astype(int) - expected) > 127
    assert difference.sum() < 0.08 * (expected > 127).sum()


def test_resizing_does_not_touch_the_ink(canvas: Canvas) -> None:
    play_strokes(canvas, DEMO["8"])
    before = canvas.ink()
    for size in ((333, 555), (900, 900), (410, 410)):
        canvas.resize(*size)
        canvas.grab()
        assert np.array_equal(canvas.ink(), before)


INK_AT_TWICE = """
import sys, numpy as np
from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.ui.app import make_app
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.self_test import play_strokes
app = make_app()
canvas = Canvas()
canvas.resize(410, 410)
canvas.show()
app.processEvents()
assert canvas.devicePixelRatioF() == 2, canvas.devicePixelRatioF()
play_strokes(canvas, list(read_strokes(paths.resource("demo-strokes.jsonl")))[3].strokes)
np.save(sys.argv[1], canvas.ink())
canvas.grab().save(sys.argv[2])
"""


def test_a_screen_of_twice_the_pixels_gives_the_same_ink_drawn_finer(
    canvas: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_strokes(canvas, DEMO["3"])
    monkeypatch.setenv("QT_SCALE_FACTOR", "2")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    ink, shown = tmp_path / "ink.npy", tmp_path / "shown.png"
    code = [sys.executable, "-c", INK_AT_TWICE, str(ink), str(shown)]
    done = subprocess.run(code, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert np.array_equal(np.load(ink), canvas.ink())
    image = QImage(str(shown))
    assert (image.width(), image.height()) == (820, 820)
    # At this size a pad unit is a pixel of the screen: nothing is blurred.
    full = np.argwhere((canvas.ink() == 255) & (ink_and_shown(canvas.drawing)[1] == 255))[::997]
    inks = {image.pixelColor(int(x) + 10, int(y) + 10).name() for y, x in full}
    assert inks == {LIGHT.ink}


# Painting


class PaintWatch(QObject):
    """Records what is repainted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's
        if event.type() is QEvent.Type.Paint:
            self.region = self.region.united(event.region())
        return False


def grey(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def test_only_what_changed_is_repainted(canvas: Canvas, qtbot: QtBot) -> None:
    play_strokes(canvas, [points((400, 400))])
    qtbot.wait(50)  # what is still to be painted of it
    watch = PaintWatch()
    canvas.installEventFilter(watch)
    send_mouse(canvas, PRESS, QPoint(105, 105))
    qtbot.waitUntil(lambda: not watch.region.isEmpty())
    send_mouse(canvas, MOVE, QPoint(115, 105))
    needed = QRect(105 - 15, 105 - 15, 40, 30)
    qtbot.waitUntil(lambda: watch.region.contains(needed.adjusted(2, 2, -2, -2)))
    send_mouse(canvas, RELEASE, QPoint(115, 105))
    assert needed.adjusted(-5, -5, 5, 5).contains(watch.region.boundingRect())


def test_what_is_repainted_bit_by_bit_looks_as_if_painted_at_once(canvas: Canvas) -> None:
    canvas.resize(537, 611)
    target = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(target)
    for at in ((120, 200), (500, 333), (333, 700), (350, 690)):
        before = canvas.ink()
        play_strokes(canvas, [points(at, (at[0] + 61, at[1] - 45))])
        rows, columns = np.nonzero(canvas.ink() != before)
        corner = canvas.from_pad(columns.min(), rows.min())
        other = canvas.from_pad(columns.max() + 1, rows.max() + 1)
        part = QRect(corner.toPoint(), other.toPoint()).adjusted(-2, -2, 2, 2)
        canvas.render(target, part.topLeft(), QRegion(part))
    whole = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(whole)
    assert np.abs(grey(whole).astype(int) - grey(target)).max() <= 3


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_paper_and_ink_follow_the_theme(
    canvas: Canvas, qtbot: QtBot, name: str, theme: Colours
) -> None:
    other = "dark" if name == "light" else "light"
    try:
        set_theme(make_app(), other)
        play_strokes(canvas, [points((400, 400))])
        ink = canvas.ink()
        set_theme(make_app(), name)
        qtbot.waitUntil(lambda: colours(canvas) is theme)
        shown = canvas.grab().toImage()
        places = canvas.from_pad(400, 400), canvas.from_pad(90, 700)
        seen = [shown.pixelColor(p.toPoint()).name() for p in places]
        assert seen == [theme.ink, theme.paper]
        assert np.array_equal(canvas.ink(), ink), "the ink's meaning does not depend on the theme"
    finally:
        set_theme(make_app(), "light")


@pytest.mark.parametrize(("window", "text"), [("black", "yellow"), ("white", "black")])
def test_the_ink_can_be_seen_with_a_high_contrast_palette(
    canvas: Canvas, window: str, text: str
) -> None:
    palette = QPalette(QColor(window), QColor(window))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
        palette.setColor(role, QColor(text))
    canvas.setPalette(palette)
    play_strokes(canvas, [points((400, 400))])
    shown = canvas.grab().toImage()
    ink, paper = (
        shown.pixelColor(canvas.from_pad(*place).toPoint()).name()
        for place in ((400, 400), (90, 700))
    )
    assert contrast(ink, paper) >= 7


def test_the_focus_is_marked_only_where_it_came_by_the_keyboard(
    canvas: Canvas, qtbot: QtBot
) -> None:
    canvas.activateWindow()
    qtbot.waitUntil(canvas.isActiveWindow)
    canvas.clearFocus()
    without = canvas.grab().toImage()
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert canvas.grab().toImage() == without
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.grab().toImage() != without
    send_mouse(canvas, PRESS, QPoint(105, 105))
    send_mouse(canvas, RELEASE, QPoint(105, 105))
    canvas.undo()
    assert canvas.grab().toImage() == without, "a person who draws does not need the mark"
