"""Uncaught errors: a log entry, one sentence, and a window that survives."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from lenet_desktop.ui.error_report import (
    ErrorReport,
    hide_own_libraries,
    log_file,
    start_log,
    stop_log,
    tell_of_failed_start,
)


@pytest.fixture
def report(qtbot) -> Iterator[ErrorReport]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    start_log()
    report = ErrorReport(window)
    report.install()
    yield report
    report.uninstall()
    stop_log()


def test_an_error_in_a_slot_is_reported_and_logged(qtbot, report):
    with qtbot.captureExceptions():
        # pytest-qt installs its own hook; ours is called directly, as Qt would call it.
        report._note(ValueError, ValueError("no such ink"), None)
    qtbot.waitUntil(lambda: report.shown is not None)
    assert "no such ink" in report.shown.text()
    assert str(log_file()) in report.shown.informativeText()
    assert "no such ink" in log_file().read_text()
    assert report.parent().isVisible()
    report.shown.close()
    qtbot.waitUntil(lambda: report.shown is None)


def test_an_error_in_a_thread_is_reported_in_the_windows_thread(qtbot, report):
    def fail() -> None:
        raise KeyError("lost")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: report.shown is not None)
    assert "lost" in report.shown.text()
    report.shown.close()
    qtbot.waitUntil(lambda: report.shown is None)


def test_an_error_message_is_shown_as_one_line_of_plain_text(qtbot, report):
    report._note(ValueError, ValueError("<b>bad</b>\nfile.\n" + "ink " * 1000), None)
    qtbot.waitUntil(lambda: report.shown is not None)
    assert report.shown.textFormat() is Qt.TextFormat.PlainText
    assert "<b>bad</b> file. ink" in report.shown.text()
    assert len(report.shown.text()) < 500
    report.shown.close()
    qtbot.waitUntil(lambda: report.shown is None)


def test_an_error_without_a_message_is_shown_by_its_type(qtbot, report):
    report._note(ZeroDivisionError, ZeroDivisionError(), None)
    qtbot.waitUntil(lambda: report.shown is not None)
    assert "ZeroDivisionError" in report.shown.text()
    report.shown.close()
    qtbot.waitUntil(lambda: report.shown is None)


def test_a_burst_of_errors_opens_one_window(qtbot, report):
    for number in range(20):
        report._note(ValueError, ValueError(f"error {number}"), None)
    QTimer.singleShot(0, lambda: None)
    qtbot.waitUntil(lambda: report.shown is not None)
    assert "error 0" in report.shown.text()
    assert "error 19" in log_file().read_text()
    report.shown.close()


def test_an_error_at_the_start_is_reported_and_logged(qtbot, report):
    shown = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        shown.append((box.text(), box.informativeText()))
        box.close()

    QTimer.singleShot(100, look)
    tell_of_failed_start(OSError("the disk is gone."))
    assert shown == [
        ("LeNet Desktop cannot start: the disk is gone.", f"The details are in {log_file()}.")
    ]
    assert "the disk is gone" in log_file().read_text()


def test_without_a_log_the_button_is_missing(qtbot, report):
    stop_log()
    log_file().unlink()
    report._note(ValueError, ValueError("no such ink"), None)
    qtbot.waitUntil(lambda: report.shown is not None)
    assert [button.text() for button in report.shown.buttons()] == ["Close"]
    assert report.shown.informativeText() == ""
    report.shown.close()
    qtbot.waitUntil(lambda: report.shown is None)


def test_if_no_program_opens_the_log_its_path_is_shown(qtbot, report, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    shown = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    report._note(ValueError, ValueError("no such ink"), None)
    qtbot.waitUntil(lambda: report.shown is not None)
    (button,) = (b for b in report.shown.buttons() if b.text() == "Open the log")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(shown))
    assert str(log_file()) in shown[0]


def test_a_packaged_program_hides_its_own_libraries(monkeypatch):
    """The packaged program's loader sets variables that would break the editor of the log."""
    inside = "/opt/the program/_internal"
    monkeypatch.setattr(sys, "_MEIPASS", inside, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", os.pathsep.join([inside, "/a person/own"]))
    monkeypatch.setenv("QT_PLUGIN_PATH", f"{inside}/PySide6/Qt/plugins")
    hide_own_libraries()
    code = "import os; print(os.environ)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "'LD_LIBRARY_PATH': '/a person/own'" in done.stdout
    assert "_internal" not in done.stdout


def test_the_log_stays_small(report):
    log = logging.getLogger("lenet_desktop")
    for _ in range(1000):
        log.error("x" * 1000)
    sizes = [path.stat().st_size for path in log_file().parent.iterdir()]
    assert sum(sizes) < 600 * 1024
