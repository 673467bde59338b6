"""Messages inside the paper's top edge."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton
from pytestqt.qtbot import QtBot

from hands import LEFT, contrast
from lenet_desktop.ui.app import make_app
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.overlays import message_pill
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind, MessagePill
from lenet_desktop.ui.style.theme import set_theme

LONG = (
    "/home/anna/scans/a_name_without_any_spaces_that_is_longer_than_the_paper_is_wide.safetensors "
    "is not a model of this program: choose a file that was saved by LeNet Desktop."
)


@pytest.fixture
def pill(canvas: Canvas) -> MessagePill:
    pill = MessagePill(canvas)
    canvas.activateWindow()
    canvas.setFocus()
    return pill


def the_buttons(pill: MessagePill) -> list[QAbstractButton]:
    return [b for b in pill.findChildren(QAbstractButton) if b.isVisible()]


@pytest.mark.parametrize("sentence", ["Saved three.png", LONG])
@pytest.mark.parametrize("action", ["", "Choose another"])
def test_it_is_centred_inside_the_papers_top_edge(
    pill: MessagePill, canvas: Canvas, sentence: str, action: str
) -> None:
    pill.show_sentence(sentence, MessageKind.ERROR, action)
    paper = canvas.paper()
    assert paper.contains(pill.geometry())
    assert abs(pill.geometry().center().x() - paper.center().x()) <= 1
    assert pill.height() < paper.height() / 2
    for child in (pill._text, *the_buttons(pill)):
        assert pill.rect().contains(child.geometry())
    needed = pill._text.heightForWidth(pill._text.width())
    assert pill._text.height() >= needed, "no line is cut off"


def test_a_short_sentence_is_a_small_pill(pill: MessagePill) -> None:
    pill.show_sentence(LONG)
    large = pill.size()
    pill.show_sentence("Saved three.png", MessageKind.SUCCESS)
    assert pill.width() < large.width()
    assert pill.height() < large.height()


def test_a_sentence_without_end_leaves_room_to_draw(pill: MessagePill, canvas: Canvas) -> None:
    pill.show_sentence(LONG * 20)
    assert pill.height() < canvas.paper().height() * 0.6
    assert pill.sentence == LONG * 20
    assert pill._text.toolTip() == LONG * 20


def test_it_follows_the_paper(pill: MessagePill, canvas: Canvas) -> None:
    pill.show_sentence("Saved three.png")
    canvas.resize(900, 500)
    assert abs(pill.geometry().center().x() - canvas.paper().center().x()) <= 1


def test_a_success_goes_by_itself_and_an_error_stays(
    pill: MessagePill, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_pill, "_SUCCESS_MS", 10)
    pill.show_sentence("Saved three.png", MessageKind.SUCCESS)
    qtbot.waitUntil(lambda: pill.sentence == "")
    pill.show_sentence("Saved three.png", MessageKind.SUCCESS)
    pill.show_sentence("It cannot be read.", MessageKind.ERROR)
    qtbot.wait(40)
    assert pill.sentence == "It cannot be read."


def test_it_can_be_closed_by_a_button_with_a_name(pill: MessagePill) -> None:
    pill.show_sentence("It cannot be read.")
    (close,) = the_buttons(pill)
    assert QAccessible.queryAccessibleInterface(close).text(QAccessible.Text.Name) == (
        "Close the message"
    )
    QTest.mouseClick(close, LEFT)
    assert pill.isHidden()
    assert pill.sentence == ""


def test_its_action_is_done_once_the_message_is_gone(pill: MessagePill) -> None:
    done: list[str] = []
    pill.show_sentence("Discarded.", MessageKind.HINT, "Undo", lambda: done.append(pill.sentence))
    (action,) = (b for b in the_buttons(pill) if isinstance(b, QPushButton))
    assert action.text() == "Undo"
    QTest.mouseClick(action, LEFT)
    assert done == [""]


def test_it_never_takes_the_focus_from_the_pad(
    pill: MessagePill, canvas: Canvas, qtbot: QtBot
) -> None:
    qtbot.waitUntil(canvas.hasFocus)
    pill.show_sentence("Discarded.", MessageKind.HINT, "Undo", lambda: None)
    assert canvas.hasFocus()
    QTest.mouseClick(the_buttons(pill)[0], LEFT)
    assert canvas.hasFocus()
    pill.show_sentence("Discarded.", MessageKind.HINT, "Undo", lambda: None)
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert pill.isAncestorOf(QApplication.focusWidget()), "the keyboard reaches its buttons"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert pill.isHidden()
    assert canvas.hasFocus()


def test_a_click_on_it_draws_nothing_and_one_beside_it_draws(
    pill: MessagePill, canvas: Canvas
) -> None:
    pill.show_sentence(LONG)
    for child in (pill, pill._text, pill._icon):
        QTest.mouseClick(child, LEFT)
        QTest.mouseDClick(child, LEFT)
    assert canvas.is_blank
    QTest.mouseClick(canvas, LEFT, pos=pill.geometry().bottomLeft() + QPoint(20, 30))
    assert not canvas.is_blank


def test_screen_readers_get_the_sentence_and_its_kind(pill: MessagePill) -> None:
    pill.show_sentence(LONG, MessageKind.ERROR)
    interface = QAccessible.queryAccessibleInterface(pill)
    assert interface.text(QAccessible.Text.Name) == LONG
    assert interface.text(QAccessible.Text.Description) == "Error"
    pill.show_sentence("Saved three.png", MessageKind.SUCCESS)
    assert interface.text(QAccessible.Text.Name) == "Saved three.png"
    assert interface.text(QAccessible.Text.Description) == "Done"


def test_it_follows_the_theme(pill: MessagePill, qtbot: QtBot) -> None:
    try:
        set_theme(make_app(), "light")
        pill.show_sentence("It cannot be read.")
        light = pill.grab().toImage()
        set_theme(make_app(), "dark")
        qtbot.waitUntil(lambda: pill.grab().toImage().pixelColor(30, 20).lightness() < 128)
        set_theme(make_app(), "light")
        qtbot.waitUntil(lambda: pill.grab().toImage() == light)
    finally:
        set_theme(make_app(), "light")


@pytest.mark.parametrize(("window", "text"), [("black", "yellow"), ("white", "black")])
def test_it_can_be_read_with_a_high_contrast_palette(
    pill: MessagePill, canvas: Canvas, window: str, text: str
) -> None:
    palette = QPalette(QColor(window), QColor(window))
    palette.setColor(QPalette.ColorRole.WindowText, QColor(text))
    canvas.setPalette(palette)
    pill.show_sentence("It cannot be read.")
    ground = pill.grab().toImage().pixelColor(30, pill.height() - 10).name()
    assert contrast(ground, pill._text.palette().windowText().color().name()) >= 7
