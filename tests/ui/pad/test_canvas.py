"""The pad: drawing with mouse, pen and keys, and undoing."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QImage, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest

from hands import (
    DEMO,
    DOUBLE,
    LEFT,
    MOVE,
    PRESS,
    RELEASE,
    RIGHT,
    a_pen,
    dot,
    drop,
    points,
    touch_with_pen,
)
from lenet_desktop.drawing.raster import blank, draw_line, rasterize
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    MAX_BRUSH,
    MIN_BRUSH,
    PAD_SIZE,
    Drawing,
    Stroke,
)
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.self_test import play_strokes, send_mouse

# Drawing


def test_the_paper_is_two_units_a_pixel_here(canvas: Canvas) -> None:
    assert canvas.paper().getRect() == (5, 5, 400, 400)
    assert canvas.to_pad(QPointF(105, 55)) == (200, 100)
    assert canvas.from_pad(200, 100) == QPointF(105, 55)


def test_it_is_blank_at_first(canvas: Canvas) -> None:
    assert canvas.is_blank
    assert not canvas.ink().any()
    assert canvas.drawing.strokes == ()


def test_a_tap_leaves_a_dot(canvas: Canvas) -> None:
    send_mouse(canvas, PRESS, QPoint(105, 55))
    assert np.array_equal(canvas.ink(), dot(200, 100)), "at once, not on release"
    send_mouse(canvas, RELEASE, QPoint(105, 55))
    assert np.array_equal(canvas.ink(), dot(200, 100))
    (stroke,) = canvas.drawing.strokes
    assert stroke.points.tolist() == [[200, 100]]


def test_two_quick_taps_leave_two_dots(canvas: Canvas) -> None:
    for kind, at in ((PRESS, 55), (RELEASE, 55), (DOUBLE, 155), (RELEASE, 155)):
        send_mouse(canvas, kind, QPoint(105, at))
    assert np.array_equal(canvas.ink(), np.maximum(dot(200, 100), dot(200, 300)))
    assert len(canvas.drawing.strokes) == 2


def test_a_fast_drag_is_a_line_without_gaps(canvas: Canvas) -> None:
    play_strokes(canvas, [points((100, 100), (700, 660))])
    expected = blank()
    draw_line(expected, (100, 100), (700, 660), DEFAULT_BRUSH)
    assert np.array_equal(canvas.ink(), expected)


def test_moving_without_a_button_draws_nothing(canvas: Canvas) -> None:
    send_mouse(canvas, MOVE, QPoint(104, 104), Qt.MouseButton.NoButton)
    send_mouse(canvas, MOVE, QPoint(304, 304), Qt.MouseButton.NoButton)
    assert canvas.is_blank


def test_the_middle_button_draws_nothing(canvas: Canvas) -> None:
    play_strokes(canvas, [points((100, 100), (300, 300))], Qt.MouseButton.MiddleButton)
    assert canvas.is_blank
    assert not canvas.undo_stack.canUndo()


def test_a_second_button_does_not_disturb_a_stroke(canvas: Canvas) -> None:
    send_mouse(canvas, PRESS, QPoint(55, 55))
    send_mouse(canvas, PRESS, QPoint(305, 305), RIGHT)
    send_mouse(canvas, RELEASE, QPoint(305, 305), RIGHT)
    send_mouse(canvas, MOVE, QPoint(155, 55))
    send_mouse(canvas, RELEASE, QPoint(155, 55))
    expected = blank()
    draw_line(expected, (100, 100), (300, 100), DEFAULT_BRUSH)
    assert np.array_equal(canvas.ink(), expected)


def test_a_stroke_may_leave_the_paper_and_the_widget(canvas: Canvas) -> None:
    play_strokes(canvas, [points((600, 400), (1400, 400), (1400, -300), (600, 100))])
    ink = canvas.ink()
    assert ink[400, 600:].min() == 255
    assert np.array_equal(rasterize(canvas.drawing), ink)


@pytest.mark.parametrize("how", ["right button", "eraser mode", "pen's other end"])
def test_erasing_takes_ink_away(canvas: Canvas, how: str) -> None:
    play_strokes(canvas, [points((100, 400), (700, 400))])
    before = canvas.ink()
    if how == "pen's other end":
        touch_with_pen(canvas, QPointF(205, 205), a_pen(QPointingDevice.PointerType.Eraser, 1))
    else:
        canvas.set_erasing(how == "eraser mode")
        play_strokes(canvas, [points((400, 400))], LEFT if how == "eraser mode" else RIGHT)
    rest = np.minimum(before, 255 - dot(400, 400))
    rest[(dot(400, 400) > 0) & (rest < 128)] = 0
    assert np.array_equal(canvas.ink(), rest)
    assert canvas.drawing.strokes[-1].erases


def test_a_pens_tip_draws(canvas: Canvas) -> None:
    touch_with_pen(canvas, QPointF(105, 55), a_pen(QPointingDevice.PointerType.Pen, 2))
    assert np.array_equal(canvas.ink(), dot(200, 100))


def test_a_finger_draws(canvas: Canvas) -> None:
    screen = QTest.createTouchDevice()
    for kind, x in (("press", 105), ("move", 205), ("release", 205)):
        event = QTest.touchEvent(canvas, screen)
        getattr(event, kind)(0, QPoint(x, 55), canvas)
        event.commit()
    expected = blank()
    draw_line(expected, (200, 100), (400, 100), DEFAULT_BRUSH)
    assert np.array_equal(canvas.ink(), expected)


def test_erasing_bare_paper_is_no_step_to_undo(canvas: Canvas) -> None:
    play_strokes(canvas, [points((400, 400), (500, 500))], RIGHT)
    assert canvas.is_blank
    assert not canvas.undo_stack.canUndo()


# Signals


def test_every_change_is_signalled_with_the_drawing_so_far(canvas: Canvas) -> None:
    drawings: list[Drawing] = []
    canvas.drawing_changed.connect(drawings.append)
    play_strokes(canvas, [points((100, 100), (300, 100), (300, 300))])
    assert [len(drawing.strokes[0].points) for drawing in drawings] == [1, 2, 3]
    assert np.array_equal(rasterize(drawings[-1]), canvas.ink())
    canvas.ink()[:] = 9
    assert set(np.unique(canvas.ink()[600:])) == {0}, "ink() returns a copy"


def test_clearing_is_signalled_before_the_blank_drawing(canvas: Canvas) -> None:
    heard: list[str] = []
    play_strokes(canvas, DEMO["1"])
    canvas.cleared.connect(lambda: heard.append("cleared"))
    canvas.drawing_changed.connect(lambda d: heard.append("drawn" if d.strokes else "blank"))
    canvas.clear()
    assert heard == ["cleared", "blank"]
    canvas.clear()
    assert heard == ["cleared", "blank"], "there is nothing left to clear"


# Undo and redo


def test_undo_and_redo_bring_back_each_stroke_bit_for_bit(canvas: Canvas) -> None:
    inks, drawings = [canvas.ink()], [canvas.drawing]

    def note() -> None:
        inks.append(canvas.ink())
        drawings.append(canvas.drawing)

    for strokes, button, brush in (
        (DEMO["4"][:1], LEFT, 56),
        (DEMO["4"][1:], LEFT, 20),
        ([points((300, 300), (500, 420))], RIGHT, 90),
        ([points((780, 790))], LEFT, 120),
    ):
        canvas.set_brush(brush)
        for stroke in strokes:
            play_strokes(canvas, [stroke], button)
            note()
    canvas.clear()
    note()
    canvas.set_drawing(Drawing(picture=dot(300, 300, 200)), "open")
    note()
    assert canvas.undo_stack.count() == len(inks) - 1
    for step in reversed(range(len(inks) - 1)):
        canvas.undo_stack.undo()
        assert np.array_equal(canvas.ink(), inks[step])
        assert canvas.drawing is drawings[step]
    assert not canvas.undo_stack.canUndo()
    for step in range(1, len(inks)):
        canvas.undo_stack.redo()
        assert np.array_equal(canvas.ink(), inks[step])
        assert canvas.drawing is drawings[step]
    assert not canvas.undo_stack.canRedo()


def assert_whole(canvas: Canvas) -> None:
    """Check that the ink shown is that of the drawing, so that a saved drawing opens unchanged."""
    assert np.array_equal(canvas.ink(), rasterize(canvas.drawing))


def test_the_strokes_reproduce_the_ink_that_is_shown(canvas: Canvas) -> None:
    canvas.resize(537, 611)
    for label in "258":
        play_strokes(canvas, DEMO[label])
    play_strokes(canvas, DEMO["1"], RIGHT)
    assert_whole(canvas)


@pytest.mark.parametrize("act", ["clear", "open"])
def test_actions_in_the_middle_of_a_stroke_keep_ink_and_drawing_consistent(
    canvas: Canvas, act: str
) -> None:
    play_strokes(canvas, [points((100, 100), (700, 100)), points((100, 300), (700, 300))])
    canvas.undo_stack.undo()
    send_mouse(canvas, PRESS, QPoint(205, 25))
    send_mouse(canvas, MOVE, QPoint(205, 305))
    if act == "clear":
        canvas.clear()
    else:
        canvas.set_drawing(Drawing(picture=dot(500, 500)), "open")
    send_mouse(canvas, MOVE, QPoint(255, 305))
    send_mouse(canvas, RELEASE, QPoint(255, 305))
    assert_whole(canvas)
    while canvas.undo_stack.canUndo():
        canvas.undo_stack.undo()
        assert_whole(canvas)
    assert canvas.is_blank


def test_changing_the_brush_in_the_middle_of_a_stroke_keeps_ink_and_drawing_consistent(
    canvas: Canvas,
) -> None:
    send_mouse(canvas, PRESS, QPoint(105, 105))
    send_mouse(canvas, MOVE, QPoint(205, 105))
    canvas.set_brush(MAX_BRUSH)
    send_mouse(canvas, MOVE, QPoint(205, 305))
    send_mouse(canvas, RELEASE, QPoint(205, 305))
    assert_whole(canvas)


def test_a_missing_mouse_release_does_not_join_two_strokes(canvas: Canvas) -> None:
    send_mouse(canvas, PRESS, QPoint(55, 55))  # then something else took the mouse
    send_mouse(canvas, MOVE, QPoint(355, 355), Qt.MouseButton.NoButton)
    send_mouse(canvas, PRESS, QPoint(355, 355))
    send_mouse(canvas, MOVE, QPoint(355, 365))
    send_mouse(canvas, RELEASE, QPoint(355, 365))
    assert not canvas.ink()[400, 400], "no line from the one to the other"
    assert len(canvas.drawing.strokes) == 2


# The brush


def test_the_brush_keeps_within_its_limits_and_signals_it(canvas: Canvas) -> None:
    changes: list[int] = []
    canvas.brush_changed.connect(changes.append)
    canvas.set_brush(10_000)
    canvas.set_brush(10_000)
    canvas.set_brush(-3)
    canvas.set_brush(40)
    canvas.step_brush(2)
    canvas.step_brush(-100)
    assert changes == [MAX_BRUSH, MIN_BRUSH, 40, 56, MIN_BRUSH]


@pytest.mark.parametrize(
    ("delta", "modifier", "change"),
    [
        (120, Qt.KeyboardModifier.ControlModifier, 1),
        (-120, Qt.KeyboardModifier.ControlModifier, -1),
        (120, Qt.KeyboardModifier.NoModifier, 0),
        (0, Qt.KeyboardModifier.ControlModifier, 0),
    ],
)
def test_the_wheel_changes_the_brush_while_ctrl_is_held(
    canvas: Canvas, delta: int, modifier: Qt.KeyboardModifier, change: int
) -> None:
    event = QWheelEvent(
        QPointF(204, 204),
        QPointF(canvas.mapToGlobal(QPoint(204, 204))),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QCoreApplication.sendEvent(canvas, event)
    assert np.sign(canvas.brush - DEFAULT_BRUSH) == change
    assert event.isAccepted() is bool(change)


def test_each_stroke_keeps_the_brush_it_was_drawn_with(canvas: Canvas) -> None:
    canvas.set_brush(20)
    play_strokes(canvas, [points((200, 200))])
    canvas.set_brush(100)
    play_strokes(canvas, [points((600, 600))])
    assert np.array_equal(canvas.ink(), np.maximum(dot(200, 200, 20), dot(600, 600, 100)))


# Dropping


def test_files_and_pictures_can_be_dropped(canvas: Canvas, tmp_path: Path) -> None:
    files: list[list[str]] = []
    images: list[QImage] = []
    canvas.files_dropped.connect(files.append)
    canvas.image_dropped.connect(images.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    drop(canvas, data)
    assert [[Path(f) for f in names] for names in files] == [[tmp_path / "a.png"]]
    data = QMimeData()
    data.setImageData(QImage(5, 7, QImage.Format.Format_RGB32))
    drop(canvas, data)
    assert [(i.width(), i.height()) for i in images] == [(5, 7)]
    data = QMimeData()
    data.setText("text")
    drop(canvas, data)
    assert (len(files), len(images)) == (1, 1)


def test_a_drawing_can_be_put_on_the_pad(canvas: Canvas) -> None:
    drawing = Drawing((Stroke(points((100, 100), (500, 300)), 30),), dot(600, 600))
    canvas.set_drawing(drawing, "open")
    assert canvas.drawing is drawing
    assert np.array_equal(canvas.ink(), rasterize(drawing))
    assert canvas.ink().shape == (PAD_SIZE, PAD_SIZE)
    play_strokes(canvas, [points((200, 700))])
    assert np.array_equal(canvas.ink(), np.maximum(rasterize(drawing), dot(200, 700)))


def test_a_picture_that_is_there_already_is_no_step_to_undo(canvas: Canvas) -> None:
    picture = dot(400, 400)
    canvas.set_drawing(Drawing(picture=picture), "open")
    canvas.set_drawing(Drawing(picture=picture.copy()), "open")
    assert canvas.undo_stack.count() == 1
    play_strokes(canvas, [points((50, 50))])
    canvas.set_drawing(Drawing(picture=picture), "open")
    assert canvas.undo_stack.count() == 3
    assert np.array_equal(canvas.ink(), picture)


def test_the_first_and_the_last_ink_are_signalled(canvas: Canvas) -> None:
    heard: list[bool] = []
    canvas.blank_changed.connect(heard.append)
    play_strokes(canvas, [points((400, 400)), points((300, 300), (320, 320))])
    assert heard == [False]
    canvas.clear()
    assert heard == [False, True]
    canvas.undo()
    canvas.undo()
    assert heard == [False, True, False]
    canvas.undo()
    assert heard == [False, True, False, True]
    canvas.redo()
    canvas.set_brush(MAX_BRUSH)
    play_strokes(canvas, [points((400, 400))], RIGHT)
    assert heard == [False, True, False, True, False, True]


def test_screen_readers_get_its_name_and_what_to_do(canvas: Canvas) -> None:
    interface = QAccessible.queryAccessibleInterface(canvas)
    assert interface.text(QAccessible.Text.Name) == "Drawing pad"
    assert "right button erases" in interface.text(QAccessible.Text.Description)


def test_strokes_move_by_pixels_of_the_sample_in_one_undo_step(canvas: Canvas) -> None:
    play_strokes(canvas, DEMO["3"])
    before = canvas.drawing
    canvas.move_drawing(2, -1)
    after = canvas.drawing
    shift = after.strokes[0].points - before.strokes[0].points
    assert np.allclose(shift, [(57, -29)], atol=1e-3)
    assert abs(57 - 2 * PAD_SIZE / 28) < 0.5
    difference = canvas.ink().astype(int) - rasterize(after)
    assert abs(difference).max() <= 1, "points are rounded elsewhere"
    canvas.undo()
    assert canvas.drawing is before
    canvas.move_drawing(-100, 0)
    assert np.flatnonzero(canvas.ink().any(axis=0))[0] <= 1, "at the edge, and all of it there"
    assert canvas.ink().sum() == pytest.approx(rasterize(before).sum(), rel=1e-3)
    canvas.clear()
    count = canvas.undo_stack.count()
    canvas.move_drawing(1, 0)
    assert canvas.undo_stack.count() == count, "there is nothing to move"
