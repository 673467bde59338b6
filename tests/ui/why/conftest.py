"""A pad with the overlay, the pages and their thread."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from explained_pad import Desk
from lenet_desktop import paths
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.overlays.over_paper import OverPaper
from lenet_desktop.ui.why.ink_overlay import InkOverlay
from lenet_desktop.ui.why.what_if_page import WhatIfPage
from lenet_desktop.ui.why.why_page import WhyPage
from lenet_desktop.ui.workers.explaining import ExplainingWorker


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.from_file(paths.factory_model(), "cpu")


@pytest.fixture
def desk(qtbot: QtBot, recognizer: Recognizer) -> Iterator[Desk]:
    window = QWidget()
    canvas = Canvas()
    over_paper = OverPaper(canvas)
    overlay = InkOverlay(canvas)
    worker = ExplainingWorker(paths.factory_model())
    why, what_if = WhyPage(worker, overlay), WhatIfPage(worker, overlay, over_paper)
    pages = QStackedWidget()
    pages.addWidget(why)
    pages.addWidget(what_if)
    layout = QHBoxLayout(window)
    layout.addWidget(canvas, 1)
    layout.addWidget(pages, 1)
    window.resize(1200, 420)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield Desk(window, canvas, overlay, over_paper, worker, why, what_if, pages, recognizer)
    worker.stop()
