"""The settings: remembered choices, and invalid values."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, LOADING_MS, draw
from lenet_desktop import paths
from lenet_desktop.drawing.strokes import MAX_BRUSH, MIN_BRUSH
from lenet_desktop.ui.app import make_app
from lenet_desktop.ui.settings import DEVICES, Settings
from lenet_desktop.ui.style.theme import THEMES, is_dark
from lenet_desktop.ui.window.main_window import MainWindow

Open = Callable[..., MainWindow]


def action_named(window: MainWindow, name: str) -> QAction:
    (action,) = (a for a in window.findChildren(QAction) if a.text().replace("&", "") == name)
    return action


def test_brush_theme_device_model_and_size_are_remembered(
    open_window: Open, qtbot: QtBot, letters: Path, home: Path
) -> None:
    first = open_window()
    first.resize(784, 650)
    first.canvas.set_brush(88)
    action_named(first, "Dark").trigger()
    first.session.use_device("cpu")
    first.session.use(letters)
    qtbot.waitUntil(lambda: "letters" in first.status, timeout=ANSWER_MS)
    first.close()
    assert [p for p in home.rglob("*") if p.is_file() and p.suffix == ".ini"] == [
        paths.settings_file()
    ]
    second = open_window()
    assert "letters" in second.status
    assert second.canvas.brush == 88
    assert second.size().toTuple() == (784, 650)
    assert Settings().value("device") == "cpu"
    assert is_dark(make_app())
    assert action_named(second, "Dark").isChecked()
    action_named(second, "Light").trigger()
    assert not is_dark(make_app())
    action_named(second, "Factory model").trigger()
    qtbot.waitUntil(lambda: "letters" not in second.status, timeout=ANSWER_MS)
    assert Settings().value("model", "") == ""


LONG = "9" * 5000
NONSENSE = [
    "", "thick", "-7", "²", "٣", "99999999999999999999", LONG, f"-{LONG}", "1e9", "nan", "true",
    "pink", "/", "\x00", "a\nb", "💥" * 2000, "@Invalid()", "@Variant(x)", "@ByteArray(x)",
    ["a", " b"],  # as Qt reads a comma without quotes
    [], {"a": 1}, 7, -7, 0.5, True, None, QByteArray(b"\x00" * 100), QSize(1, 2),
]  # fmt: skip


@pytest.mark.parametrize("value", NONSENSE, ids=lambda value: repr(value)[:20])
def test_a_value_that_makes_no_sense_is_read_as_the_default(home: Path, value: object) -> None:
    settings = Settings()
    for key in ("brush", "theme", "device", "geometry", "model"):
        settings.setValue(key, value)
    settings.sync()
    read = Settings()
    assert MIN_BRUSH <= read.brush <= MAX_BRUSH
    assert read.theme in THEMES
    assert read.device in DEVICES
    assert read.geometry is None or isinstance(read.geometry, QByteArray)
    assert read.model is None or isinstance(read.model, Path)


def test_a_file_of_nonsense_leaves_every_default(home: Path) -> None:
    random = np.random.default_rng(0)
    keys = [b"brush", b"theme", b"device", b"geometry", b"model"]
    paths.settings_file().parent.mkdir(parents=True)
    for _ in range(50):
        lines = [key + b"=" + random.bytes(random.integers(0, 60)) for key in keys]
        paths.settings_file().write_bytes(b"[General]\n" + b"\n".join(lines))
        read = Settings()
        assert MIN_BRUSH <= read.brush <= MAX_BRUSH
        assert read.theme in THEMES
        assert read.device in DEVICES
        assert read.geometry is None or isinstance(read.geometry, QByteArray)
        assert read.model is None or isinstance(read.model, Path)


@pytest.mark.parametrize(
    "values",
    [
        {"brush": LONG, "theme": LONG, "device": LONG, "geometry": LONG, "model": LONG},
        {"model": "a\x00b", "geometry": QByteArray(b"\x01\xd9\xd0\xcb\x00\x03" + b"\xff" * 60)},
        {"model": ["a", " b"], "device": "abacus", "theme": "pink", "brush": "thick"},
        {"model": "/"},
    ],
    ids=["long", "hostile", "wrong", "folder"],
)
def test_the_window_opens_and_reads_whatever_the_settings_say(
    open_window: Open, qtbot: QtBot, values: dict[str, object]
) -> None:
    settings = Settings()
    for key, value in values.items():
        settings.setValue(key, value)
    settings.sync()
    window = open_window()
    qtbot.waitUntil(lambda: window.session.model is not None, timeout=LOADING_MS)
    draw(window, "2", qtbot)
    assert window.panel.digit == "2"
    screen = window.screen().availableGeometry()
    assert window.frameGeometry().intersects(screen)
    assert window.width() <= 2 * screen.width()


@pytest.mark.parametrize("nonsense", ["", "fast", "nan", "inf", "-3", "0", "1e99", ["a", "b"]])
def test_a_speed_that_makes_no_sense_is_bounded(home: Path, nonsense: object) -> None:
    settings = Settings()
    settings.setValue("training_speed/cpu", nonsense)
    speed = settings.training_speed("cpu")
    assert speed is None or 0.01 <= speed <= 100
    settings.set_training_speed("cpu", 2.345)
    assert settings.training_speed("cpu") == pytest.approx(2.345, abs=0.01)
    assert settings.training_speed("cuda") is None
