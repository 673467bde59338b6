"""The session: the model and the device in use, what is remembered, and lending the device."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LOADING_MS, draw, drop
from lenet_desktop import paths
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.window.main_window import MainWindow

Open = Callable[..., MainWindow]


def assert_one_sentence(sentence: str) -> None:
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_model_that_is_opened_or_dropped_reads_the_drawing_at_once(
    window: MainWindow, qtbot: QtBot, letters: Path
) -> None:
    draw(window, "3", qtbot)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(letters))])
    drop(window.canvas, data)
    qtbot.waitUntil(lambda: window.panel.digit == "d", timeout=ANSWER_MS)
    assert "letters" in window.status
    assert window.panel.bars.classes == tuple("abcdefghij")
    window.session.use(paths.factory_model())
    qtbot.waitUntil(lambda: window.panel.digit == "3", timeout=ANSWER_MS)
    assert "letters" not in window.status


def test_a_bad_model_is_reported_in_one_sentence_and_the_one_in_use_stays(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    draw(window, "3", qtbot)
    status = window.status
    (tmp_path / "bad.safetensors").write_bytes(b"bad" * 999)
    window.open_file(tmp_path / "bad.safetensors")
    qtbot.waitUntil(lambda: window.message != "", timeout=ANSWER_MS)
    assert_one_sentence(window.message)
    assert "bad.safetensors" in window.message
    assert window.panel.digit == "3"
    assert window.status == status
    draw(window, "8", qtbot)
    assert window.message == ""
    assert Settings().value("model", "") == ""


@pytest.mark.parametrize("ink", ["blank", "drawn meanwhile"])
def test_a_missing_remembered_model_is_replaced_and_reported(
    open_window: Open, qtbot: QtBot, tmp_path: Path, ink: str
) -> None:
    settings = Settings()
    settings.setValue("model", str(tmp_path / "gone.safetensors"))
    settings.sync()
    window = open_window(start=False)
    if ink != "blank":
        play_strokes(window.canvas, DEMO["6"])
    window.start()
    qtbot.waitUntil(lambda: not window.is_loading, timeout=LOADING_MS)
    qtbot.waitUntil(lambda: window.session.model is not None, timeout=LOADING_MS)
    if ink != "blank":
        qtbot.waitUntil(lambda: window.panel.digit == "6", timeout=ANSWER_MS)
    assert_one_sentence(window.message)
    assert "gone.safetensors" in window.message
    if ink == "blank":
        assert window.panel.caption == "Draw a digit or a number"
        draw(window, "6", qtbot)
    assert window.panel.digit == "6"


def test_errors_of_model_and_device_are_reported_together(
    open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(model=tmp_path / "gone.safetensors", device="xla")
    qtbot.waitUntil(lambda: window.session.model is not None, timeout=LOADING_MS)
    assert "gone.safetensors" in window.message
    assert "'xla'" in window.message


def test_a_choice_that_cannot_be_saved_is_reported(
    open_window: Open, qtbot: QtBot, letters: Path
) -> None:
    folder = paths.settings_file().parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where a folder is wanted")
    window = open_window()
    assert window.message == ""
    window.session.use(letters)
    qtbot.waitUntil(lambda: "letters" in window.status, timeout=ANSWER_MS)
    assert_one_sentence(window.message)
    assert str(paths.settings_file()) in window.message


def test_a_remembered_model_that_is_missing_once_is_not_forgotten(
    open_window: Open, qtbot: QtBot, letters: Path
) -> None:
    first = open_window()
    first.session.use(letters)
    qtbot.waitUntil(lambda: "letters" in first.status, timeout=ANSWER_MS)
    first.close()
    letters.rename(letters.with_suffix(".away"))
    second = open_window()
    qtbot.waitUntil(lambda: "LeNet" in second.status, timeout=LOADING_MS)
    with qtbot.waitSignal(second.session.model_changed, timeout=ANSWER_MS):
        second.session.use_device("cpu")
    second.close()
    letters.with_suffix(".away").rename(letters)
    third = open_window()
    assert "letters" in third.status
    assert third.message == ""


def test_without_a_factory_model_another_one_can_be_opened(
    open_window: Open, qtbot: QtBot, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, worse = tmp_path / "bad.safetensors", tmp_path / "worse.safetensors"
    for path in (bad, worse):
        path.write_bytes(b"bad" * 999)
    monkeypatch.setattr(paths, "factory_model", lambda: bad)
    window = open_window()
    assert window.panel.caption == "No model"
    assert "bad.safetensors" in window.message
    menu = window.model_menu
    assert menu.isEnabled()
    asked = iter((str(worse), str(letters)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (next(asked), ""))
    with qtbot.waitSignal(window.session.failed, timeout=ANSWER_MS):
        menu.open_action.trigger()
    qtbot.waitUntil(lambda: "worse.safetensors" in window.message, timeout=ANSWER_MS)
    menu.open_action.trigger()
    qtbot.waitUntil(lambda: "letters" in window.status, timeout=ANSWER_MS)
    draw(window, "3", qtbot)
    assert window.panel.digit == "d"
    window.close()
    qtbot.waitUntil(lambda: not menu.isEnabled())  # the recognition thread has ended


def test_a_failing_device_is_replaced_by_the_cpu_with_a_lasting_notice(
    window: MainWindow, qtbot: QtBot
) -> None:
    draw(window, "9", qtbot)
    with qtbot.waitSignal(window.session.recognition.recognized, timeout=ANSWER_MS):
        window.session.use_device("xla")
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert "'xla'" in window.message
    assert "CPU" in window.status
    assert window.panel.digit == "9"


def test_a_model_for_one_session_is_not_remembered(
    open_window: Open, qtbot: QtBot, letters: Path
) -> None:
    first = open_window(model=letters, device="cpu")
    assert "letters" in first.status
    first.close()
    assert "letters" not in open_window().status


@pytest.mark.parametrize("session", [{"device": "cpu"}, {"model": paths.factory_model()}, {}])
def test_what_is_chosen_in_a_session_is_remembered_however_it_was_started(
    open_window: Open, qtbot: QtBot, letters: Path, session: dict[str, object]
) -> None:
    first = open_window(**session)
    assert Settings().value("device") is None, "a device for one session is not remembered"
    first.session.use(letters)  # as the training does with a model that is kept
    qtbot.waitUntil(lambda: "letters" in first.status, timeout=ANSWER_MS)
    first.close()
    assert Settings().value("device") is None
    assert "letters" in open_window().status


# Lending the device to a training


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A session that reads on 'cpu:0', which only torch treats as the same device as 'cpu'."""
    session = Session(Settings(), device="cpu:0")
    session.start()
    qtbot.waitUntil(lambda: session.model is not None, timeout=LOADING_MS)
    yield session
    session.stop()
    session.deleteLater()


def device_of(session: Session) -> str:
    assert session.model is not None
    return session.model.device


def test_the_device_is_lent_only_when_the_pad_reads_on_the_cpu(
    session: Session, qtbot: QtBot
) -> None:
    assert device_of(session) == "cpu:0"
    is_free: list[bool] = []
    # The thread may be done before the session asks, and the news of it still be on its way.
    session.device_lent.connect(lambda: is_free.append(session.recognition.is_settled))
    session.lend_device("cpu:0")
    qtbot.waitUntil(lambda: is_free == [True], timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: device_of(session) == "cpu", timeout=ANSWER_MS)
    session.take_device_back()
    qtbot.waitUntil(lambda: device_of(session) == "cpu:0", timeout=ANSWER_MS)
    assert len(is_free) == 1


def test_a_device_chosen_just_before_is_not_used_beside_the_training(
    session: Session, qtbot: QtBot
) -> None:
    session.use_device("cpu")
    qtbot.waitUntil(lambda: device_of(session) == "cpu", timeout=ANSWER_MS)
    devices: list[str] = []
    session.device_lent.connect(lambda: devices.append(device_of(session)))
    session.use_device("cpu:0")
    session.lend_device("cpu:0")
    qtbot.waitUntil(lambda: bool(devices), timeout=ANSWER_MS)
    assert devices == ["cpu"]
    assert session.recognition.is_settled


def test_a_training_on_the_cpu_leaves_the_device_alone(session: Session, qtbot: QtBot) -> None:
    with (
        qtbot.assertNotEmitted(session.model_changed, wait=50),
        qtbot.waitSignal(session.device_lent, timeout=0),
    ):
        session.lend_device("cpu")
        session.take_device_back()


def test_a_device_chosen_meanwhile_is_used_afterwards(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.device_lent, timeout=ANSWER_MS):
        session.lend_device("cpu:0")
    with qtbot.waitSignal(session.noticed, timeout=ANSWER_MS):
        session.use_device("auto")
    assert device_of(session) == "cpu"
    with qtbot.waitSignal(session.model_changed, timeout=ANSWER_MS):
        session.take_device_back()
    assert session.device == "auto"


def test_a_model_chosen_meanwhile_reads_on_the_cpu_and_later_on_the_device(
    session: Session, qtbot: QtBot, letters: Path
) -> None:
    with qtbot.waitSignal(session.device_lent, timeout=ANSWER_MS):
        session.lend_device("cpu:0")
    session.use(letters)
    qtbot.waitUntil(lambda: session.model_path == letters, timeout=ANSWER_MS)
    assert device_of(session) == "cpu"
    session.take_device_back()
    qtbot.waitUntil(lambda: device_of(session) == "cpu:0", timeout=ANSWER_MS)
    assert session.model_path == letters


def test_the_device_is_lent_after_the_recognition_has_ended(session: Session, qtbot: QtBot) -> None:
    session.stop()
    with qtbot.waitSignal(session.device_lent, timeout=0):
        session.lend_device("cpu:0")
