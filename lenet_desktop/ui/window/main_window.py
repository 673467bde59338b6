"""The main window: connects its parts, and shuts them down."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QVBoxLayout, QWidget

from lenet_desktop.drawing.strokes import Drawing, Ink
from lenet_desktop.inference.decision import invitation
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.answer.answer_panel import AnswerPanel
from lenet_desktop.ui.answer.stages_view import StagesView
from lenet_desktop.ui.models.model_menu import ModelMenu
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.window.about import show_about
from lenet_desktop.ui.window.actions import ThemeMenu, WindowActions
from lenet_desktop.ui.window.files import Files
from lenet_desktop.ui.window.message_bar import MessageBar
from lenet_desktop.ui.window.tool_row import ToolRow, tool_button
from lenet_desktop.ui.workers.recognition import ModelInUse

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction, StageReading
    from lenet_desktop.ui.training.dialog import TrainingDialog

_SAVED_MS = 4000


class MainWindow(QMainWindow):
    """The pad on the left, the answer on the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setWindowTitle("LeNet Desktop")
        self.session = session
        session.setParent(self)
        self.last_ink_time = 0.0
        self._last_number = 0
        self._answered = 0
        self._dropped_until = 0

        self.canvas = Canvas()
        self.panel = AnswerPanel()
        self.stages = StagesView()
        self.stages.hide()
        self.files = Files(self.canvas, session, self)
        self.training: TrainingDialog | None = None
        self._message = MessageBar(self.canvas)
        self._model_label, self._device_label, self._time_label = QLabel(), QLabel(), QLabel()

        self._actions = WindowActions(self.canvas, self)
        self.model_menu = ModelMenu(self._actions.train, session, self)
        theme_menu = ThemeMenu(session.settings, self)
        self._actions.fill(self.menuBar(), self.model_menu, theme_menu)
        self._lay_out()
        self._connect()
        self._restore_settings()
        self._show_nothing()

    # The user's actions

    def open_file(self, path: Path) -> None:
        """Open a picture or a stroke file on the pad, or use a model file from now on."""
        self.files.open(path)

    def show_message(self, sentence: str) -> None:
        """Show one sentence until it is closed or something new is drawn."""
        self._message.show_sentence(sentence)

    @property
    def message(self) -> str:
        """The sentence that is shown now, or ''."""
        return self._message.sentence

    @property
    def status(self) -> str:
        """The text of the status bar: model, device and time."""
        labels = (self._model_label, self._device_label, self._time_label)
        return " · ".join(label.text() for label in labels)

    @property
    def is_loading(self) -> bool:
        """Whether the first model is still being loaded."""
        return self.session.is_loading

    def is_answered(self) -> bool:
        """Return whether the answer shown belongs to the ink that is on the pad now."""
        return self._answered == self._last_number

    def open_training(self) -> None:
        """Show the training dialog; the pad stays usable beside it."""
        if self.session.model is None:
            return
        if self.training is None:
            # The plot's library takes a third of a second to load, parts of torch a whole second:
            # load them only when they are needed.
            from lenet_desktop.ui.training.dialog import TrainingDialog

            self.training = TrainingDialog(self.session, self)
            self.training.mistake_chosen.connect(self._show_mistake)
        self.training.show()
        self.training.raise_()
        self.training.activateWindow()

    # Drawing -> answer

    def _take_new_ink(self) -> None:
        self._message.hide()
        self._submit()

    def _submit(self) -> None:
        if self.canvas.is_blank:
            self._drop_answers()
            self._show_nothing()
            return
        self.last_ink_time = time.perf_counter()
        self._last_number = self.session.recognition.submit(self.canvas.drawing_so_far)

    def _drop_answers(self) -> None:
        """Remove the answer to a drawing that is no longer on the pad."""
        self._dropped_until = self.session.recognition.discard()

    def _show_nothing(self) -> None:
        model = self.session.model
        classes = DIGITS if model is None else model.card.classes
        hint = invitation(classes)
        self.canvas.set_hint(hint)
        self.panel.show_nothing("loading the model" if self.is_loading else hint, classes)
        self.stages.show_readings(())
        self._time_label.clear()

    def _show_prediction(self, number: int, prediction: "Prediction | None") -> None:
        if number <= self._dropped_until:
            return
        self._answered = number
        if prediction is None:
            self._show_nothing()
            return
        self.panel.show_prediction(prediction)
        if number == self._last_number:
            milliseconds = (time.perf_counter() - self.last_ink_time) * 1000
            self._time_label.setText(f"answered in {milliseconds:.1f} ms")

    def _show_stage_readings(self, number: int, readings: "tuple[StageReading, ...]") -> None:
        if number > self._dropped_until:
            self.stages.show_readings(readings)

    def _show_stages(self, shown: bool) -> None:
        self.session.recognition.reads_stages = shown
        self.stages.setVisible(shown)
        if not self.canvas.is_blank:
            self._submit()

    def _show_mistake(self, image: Ink) -> None:
        from lenet_desktop.drawing.picture import on_the_pad

        picture = on_the_pad(image.astype(np.float32) / np.float32(255))
        self.canvas.set_drawing(Drawing(picture=picture), "show a mistake")

    # Model and files

    def _show_model(self, model: ModelInUse) -> None:
        self._actions.train.setEnabled(True)
        self._model_label.setText(model.card.title)
        self._model_label.setToolTip(str(model.path))
        self._device_label.setText(model.device.upper())
        if self.canvas.is_blank:
            self._show_nothing()
        else:
            self._submit()

    def _show_failure(self, sentence: str) -> None:
        self.show_message(sentence)
        if self.session.model is None:
            self.panel.show_nothing("no model", DIGITS)

    def _show_opening(self, name: str) -> None:
        if name:
            self.statusBar().showMessage(f"Opening {name} …")
        else:
            self.statusBar().clearMessage()

    # Building the window

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.canvas, stretch=1)
        left.addWidget(ToolRow(self.canvas, self._actions))
        left.addWidget(self.stages)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.panel, stretch=1)
        right.addWidget(tool_button(self._actions.train), alignment=Qt.AlignmentFlag.AlignRight)
        content = QWidget()
        across = QHBoxLayout(content)
        across.setContentsMargins(16, 12, 20, 8)
        across.setSpacing(24)
        across.addLayout(left, stretch=1)
        across.addLayout(right)
        self.setCentralWidget(content)
        self.setMinimumSize(780, 560)
        for label in (self._model_label, self._device_label, self._time_label):
            label.setContentsMargins(8, 0, 8, 0)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self.statusBar().addPermanentWidget(label)
        self._model_label.setText("loading the model")
        # A screen reader would read an accessible name instead of the label's text; it reads a
        # description in addition.
        self._model_label.setAccessibleDescription("Model in use")
        self._device_label.setAccessibleDescription("Device in use")
        self._time_label.setAccessibleDescription("Time from ink to answer")
        self.canvas.setFocus()

    def _connect(self) -> None:
        canvas, actions, session, files = self.canvas, self._actions, self.session, self.files
        actions.open.triggered.connect(files.ask_open)
        actions.save.triggered.connect(files.ask_save)
        actions.paste.triggered.connect(files.paste)
        actions.quit.triggered.connect(lambda: self.close())
        actions.train.triggered.connect(self.open_training)
        actions.stages.triggered.connect(self._show_stages)
        actions.about.triggered.connect(lambda: show_about(self))
        canvas.cleared.connect(self._drop_answers)
        canvas.drawing_changed.connect(self._take_new_ink)
        canvas.files_dropped.connect(lambda names: files.open(Path(names[0])))
        canvas.image_dropped.connect(lambda image: files.open_image(image, "drop"))
        files.opening_changed.connect(self._show_opening)
        files.saved.connect(lambda name: self.statusBar().showMessage(f"Saved {name}", _SAVED_MS))
        files.failed.connect(self.show_message)
        session.recognition.recognized.connect(self._show_prediction)
        session.recognition.stages_read.connect(self._show_stage_readings)
        session.model_changed.connect(self._show_model)
        session.noticed.connect(self.show_message)
        session.failed.connect(self._show_failure)

    def _restore_settings(self) -> None:
        settings = self.session.settings
        geometry = settings.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(980, 680)
        self.canvas.set_brush(settings.brush)

    # Qt's events

    def start(self) -> None:
        """Start to load the model; call this once the window is shown."""
        self.session.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if something would be lost; save the settings, then end every thread."""
        if self.training is not None and not self.training.may_close():
            event.ignore()
            return
        settings = self.session.settings
        settings.geometry = self.saveGeometry()
        settings.brush = self.canvas.brush
        settings.sync()
        self.hide()
        if self.training is not None:
            self.training.shut_down()
            self.training.close()
        self.files.stop()
        self.session.stop()
        event.accept()
