"""What nobody caught: a log entry, one sentence, and a window that stays."""

import logging
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.error_report import ErrorReport, log_file, start_log, stop_log


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


def test_an_error_in_a_slot_is_told_and_logged(qtbot, report):
    with qtbot.captureExceptions():
        # pytest-qt puts its own hook in place; ours is asked directly, as Qt would ask it.
        report._note(ValueError, ValueError("no such ink"), None)
    qtbot.waitUntil(lambda: report.shown is not None)
    assert "no such ink" in report.shown.text()
    assert str(log_file()) in report.shown.informativeText()
    assert "no such ink" in log_file().read_text()
    assert report.parent().isVisible()
    report.shown.close()
    qtbot.waitUntil(lambda: report.shown is None)


def test_an_error_in_a_thread_is_told_in_the_windows_thread(qtbot, report):
    def fail() -> None:
        raise KeyError("lost")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: report.shown is not None)
    assert "lost" in report.shown.text()
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


def test_the_log_stays_small(report):
    log = logging.getLogger("lenet_desktop")
    for _ in range(1000):
        log.error("x" * 1000)
    sizes = [path.stat().st_size for path in log_file().parent.iterdir()]
    assert sum(sizes) < 600 * 1024
