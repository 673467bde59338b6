"""Controls can be seen: their edges stand out in both themes, and each state looks different."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSlider,
    QSpinBox,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from hands import LEFT, contrast
from lenet_desktop.ui.style.theme import (
    CONTRAST_DARK,
    CONTRAST_LIGHT,
    DARK,
    LIGHT,
    Colours,
    colours,
    is_dark,
    set_theme,
)

THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_and_texts_have_enough_contrast(theme: Colours) -> None:
    for ground in (theme.window, theme.surface):
        assert contrast(theme.edge, ground) >= 3
        assert contrast(theme.accent, ground) >= 3
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.quiet, ground) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@pytest.mark.parametrize(
    ("name", "theme"),
    [("contrast-light", CONTRAST_LIGHT), ("contrast-dark", CONTRAST_DARK)],
)
def test_high_contrast_leaves_nothing_faint(qapp: QApplication, name: str, theme: Colours) -> None:
    set_theme(qapp, name)
    try:
        assert colours(qapp.palette()) == theme
        assert is_dark(qapp) is (name == "contrast-dark")
    finally:
        set_theme(qapp, "system")
    for ground in (theme.window, theme.surface, theme.paper):
        for text in (theme.text, theme.quiet, theme.accent, theme.challenger, theme.edge):
            assert contrast(text, ground) >= 7
        for text in (theme.error, theme.success, theme.hint, theme.disabled):
            assert contrast(text, ground) >= 6.9
        assert contrast(theme.line, ground) >= 7
    assert contrast(theme.ink, theme.paper) >= 15
    assert contrast(theme.on_accent, theme.accent) >= 7


def grab(widget: QWidget, qtbot: QtBot, theme: str, app: QApplication) -> QImage:
    set_theme(app, theme)
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget.grab().toImage()


def strongest(image: QImage, ground: str) -> float:
    """Return the contrast of the pixel that stands out most from the ground."""
    colours = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    return max(contrast(colour, ground) for colour in colours)


@THEMES
@pytest.mark.parametrize(
    "control", [QCheckBox, QRadioButton, QLineEdit, QSpinBox, QComboBox, QPushButton]
)
def test_an_empty_control_stands_out_from_the_window(
    qtbot: QtBot, qapp: QApplication, control: type[QWidget], theme: str
) -> None:
    widget = control()
    widget.resize(90, 32)
    image = grab(widget, qtbot, theme, qapp)
    widget.clearFocus()
    window = (LIGHT if theme == "light" else DARK).window
    # The middle of the left edge, without the symbols on the right.
    edge = image.copy(0, 0, 20, image.height())
    assert strongest(edge, window) >= 3


@THEMES
def test_a_slider_can_be_seen_and_dragged(qtbot: QtBot, qapp: QApplication, theme: str) -> None:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.resize(160, 34)
    image = grab(slider, qtbot, theme, qapp)
    window = (LIGHT if theme == "light" else DARK).window
    assert strongest(image.copy(100, 0, 40, 34), window) >= 3, "the empty part of the groove"
    QTest.mousePress(slider, LEFT, pos=QPoint(8, 17))
    QTest.mouseMove(slider, QPoint(120, 17))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(120, 17))
    assert slider.value() > 50


@THEMES
def test_what_is_chosen_differs_by_its_shape(qtbot: QtBot, qapp: QApplication, theme: str) -> None:
    for control in (QCheckBox, QRadioButton):
        button = control()
        before = grab(button, qtbot, theme, qapp)
        button.setChecked(True)
        after = button.grab().toImage()
        inside = {after.pixelColor(x, y).name() for x in range(3, 14) for y in range(4, 16)}
        assert before != after
        assert len(inside) > 2, "a mark on the accent's colour"


@pytest.mark.parametrize(
    "control", [QCheckBox, QRadioButton, QLineEdit, QSpinBox, QComboBox, QPushButton]
)
def test_the_focus_is_seen(qtbot: QtBot, qapp: QApplication, control: type[QWidget]) -> None:
    parent = QWidget()
    widget, other = control(parent), QPushButton(parent)
    other.move(0, 60)
    grab(parent, qtbot, "light", qapp)
    parent.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is parent)
    other.setFocus()
    before = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert widget.grab().toImage() != before


def test_a_scroll_bar_is_dragged_and_pages(qtbot: QtBot, qapp: QApplication) -> None:
    rows = QListWidget()
    rows.addItems([f"row {number}" for number in range(100)])
    rows.resize(120, 200)
    grab(rows, qtbot, "light", qapp)
    bar: QScrollBar = rows.verticalScrollBar()
    middle = bar.width() // 2
    QTest.mouseClick(bar, LEFT, pos=QPoint(middle, bar.height() - 3))
    paged = bar.value()
    assert paged > 0
    bar.setValue(0)
    QTest.mousePress(bar, LEFT, pos=QPoint(middle, 10))
    QTest.mouseMove(bar, QPoint(middle, bar.height() + 50))
    QTest.mouseRelease(bar, LEFT, pos=QPoint(middle, bar.height() + 50))
    assert bar.value() == bar.maximum()


def test_a_progress_bar_is_filled_as_far_as_it_is(qtbot: QtBot, qapp: QApplication) -> None:
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.resize(200, 10)
    bar.setValue(50)
    image = grab(bar, qtbot, "light", qapp)
    assert image.pixelColor(60, 5) == QColor(LIGHT.accent)
    assert image.pixelColor(150, 5) == QColor(LIGHT.track)


def test_the_chosen_tab_is_underlined(qtbot: QtBot, qapp: QApplication) -> None:
    tabs = QTabBar()
    for text in ("Answer", "Training"):
        tabs.addTab(text)
    image = grab(tabs, qtbot, "light", qapp)
    first = tabs.tabRect(0)
    line = image.pixelColor(first.center().x(), first.bottom() - 1)
    assert line == QColor(LIGHT.accent)
    tabs.setCurrentIndex(1)
    image = tabs.grab().toImage()
    assert image.pixelColor(first.center().x(), first.bottom() - 1) != QColor(LIGHT.accent)
