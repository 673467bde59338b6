"""The window: wiring, menus, and the one way in which everything is shut down."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QByteArray, QMimeData, QSettings, Qt
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop import __version__, paths
from lenet_desktop.drawing.drawing_file import STROKE_SUFFIXES, read_drawings, write_drawing
from lenet_desktop.drawing.stroke_file import StrokeFileError
from lenet_desktop.drawing.strokes import DEFAULT_BRUSH, MAX_BRUSH, MIN_BRUSH, Drawing, Ink
from lenet_desktop.ui.answer.answer_panel import AnswerPanel
from lenet_desktop.ui.answer.stages_view import StagesView
from lenet_desktop.ui.models.model_menu import ModelMenu
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.png import as_png
from lenet_desktop.ui.window.actions import ThemeMenu, WindowActions
from lenet_desktop.ui.window.message_bar import MessageBar
from lenet_desktop.ui.window.save_dialog import ask_save_name
from lenet_desktop.ui.workers.recognition import ModelInUse, RecognitionWorker

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction, StageReading
    from lenet_desktop.ui.training.dialog import TrainingDialog

_MODEL_SUFFIX = ".safetensors"
_DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
_OPEN_FILTER = (
    "Pictures and stroke files (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp *.jsonl *.json)"
    ";;All files (*)"
)
_SAVE_SUFFIXES = {
    "Picture (*.png)": ".png",
    "Strokes, to be opened again (*.jsonl)": STROKE_SUFFIXES[0],
}


class MainWindow(QMainWindow):
    """The pad on the left, the answer on the right.

    Args:
        settings: where window, brush, theme, device and model are remembered.
        model: a model file for this session only, instead of the remembered one.
        device: a device for this session only, instead of the remembered one.
    """

    def __init__(
        self, settings: QSettings, model: Path | None = None, device: str | None = None
    ) -> None:
        super().__init__()
        self.setWindowTitle("LeNet Desktop")
        self._settings = settings
        remembered = settings.value("model")
        # Whatever else stands there, somebody else wrote it.
        is_path = isinstance(remembered, str) and remembered
        self._model = model or (Path(str(remembered)) if is_path else paths.factory_model())
        wanted = settings.value("device")
        self._device = device or (str(wanted) if wanted in _DEVICES else "auto")
        self._chosen_model: Path | None = None
        self.last_ink_time = 0.0
        self._last_number = 0
        self._answered = 0
        self._dropped_until = 0

        self.canvas = Canvas()
        self.panel = AnswerPanel()
        self.stages = StagesView()
        self.stages.hide()
        self.panel.show_nothing("loading the model")
        self.is_loading = True
        self.recognition = RecognitionWorker(self._model, self._device, self)
        self._in_use: ModelInUse | None = None
        self.training: TrainingDialog | None = None
        self._message = MessageBar(self.canvas)
        self._tools = QHBoxLayout()
        self._brush_slider = QSlider(Qt.Orientation.Horizontal)
        self._model_label, self._device_label, self._time_label = QLabel(), QLabel(), QLabel()

        self._actions = WindowActions(self.canvas, self)
        self.model_menu = ModelMenu(self._actions.train, self)
        self._actions.fill(self.menuBar(), self.model_menu, ThemeMenu(settings, self))
        self._lay_out()
        self._connect()
        self._restore_settings()

    # What the user can do

    def open_file(self, path: Path) -> None:
        """Show a picture or a stroke file on the pad, or read with a model file."""
        if path.suffix.lower() == _MODEL_SUFFIX:
            self.use_model(path)
            return
        drawings = read_drawings(path, self.canvas.brush)
        self._put_on_pad(lambda: next(drawings), f"open {path.name}")

    def paste(self) -> None:
        """Put the clipboard's picture on the pad."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None:  # an empty clipboard on some platforms
            data = QMimeData()
        files = [Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()]
        if data.hasImage():
            self._open_image(QImage(data.imageData()), "paste")
        elif files:
            self.open_file(files[0])
        else:
            self.show_message("The clipboard holds no picture: copy one first.")

    def save_drawing(self, path: Path) -> None:
        """Save the drawing: as strokes where the name ends in .jsonl, else as a PNG picture."""
        from lenet_desktop.drawing.picture import PictureError

        try:
            write_drawing(path, self.canvas.drawing)
        except (StrokeFileError, PictureError) as error:
            self.show_message(str(error))
        else:
            self.statusBar().showMessage(f"Saved {path.name}", 4000)

    def use_model(self, path: Path) -> None:
        """Read with another model; the one in use stays where the file cannot be used."""
        self._chosen_model = path
        self.recognition.use(model=path)

    def use_device(self, device: str) -> None:
        """Run the network on another device, or on the best one for 'auto'."""
        self._device = device
        self.recognition.use(device=device)
        self._settings.setValue("device", device)

    def show_message(self, sentence: str) -> None:
        """Tell the user one sentence, until it is closed or something new is drawn."""
        self._message.show_sentence(sentence)

    @property
    def message(self) -> str:
        """The sentence that is shown now, or ''."""
        return self._message.sentence

    @property
    def status(self) -> str:
        """What the status bar tells of model, device and time."""
        labels = (self._model_label, self._device_label, self._time_label)
        return " · ".join(label.text() for label in labels)

    def is_answered(self) -> bool:
        """Tell whether the answer that is shown is for the ink that is on the pad now."""
        return self._answered == self._last_number

    def open_training(self) -> None:
        """Show the training dialog; the pad stays alive beside it."""
        if self._in_use is None:
            return
        if self.training is None:
            # The plot's library takes a third of a second to load, torch's a whole one: both wait
            # until somebody trains.
            from lenet_desktop.ui.training.dialog import TrainingDialog

            self.training = TrainingDialog(self._in_use, self)
            self.training.kept.connect(self.use_model)
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
            self._dropped_until = self.recognition.discard()
            self._show_nothing()
            return
        self.last_ink_time = time.perf_counter()
        self._last_number = self.recognition.submit(self.canvas.drawing_so_far)

    def _drop_answers(self) -> None:
        """Show no answer to what is no longer on the pad."""
        self._dropped_until = self.recognition.discard()

    def _show_nothing(self) -> None:
        self.panel.show_nothing("loading the model" if self.is_loading else "draw a digit")
        self.stages.show_readings(())
        self._time_label.clear()

    def _show_prediction(self, number: int, prediction: "Prediction | None") -> None:
        if number <= self._dropped_until or prediction is None:
            return
        self.panel.show_prediction(prediction)
        self._answered = number
        if number == self._last_number:
            milliseconds = (time.perf_counter() - self.last_ink_time) * 1000
            self._time_label.setText(f"answered in {milliseconds:.1f} ms")

    def _show_stage_readings(self, number: int, readings: "tuple[StageReading, ...]") -> None:
        if number > self._dropped_until:
            self.stages.show_readings(readings)

    def _show_stages(self, shown: bool) -> None:
        self.recognition.reads_stages = shown
        self.stages.setVisible(shown)
        if not self.canvas.is_blank:
            self._submit()

    def _show_model(self, model: ModelInUse) -> None:
        self.is_loading = False
        self._in_use = model
        self._model = model.path
        self._actions.train.setEnabled(True)
        if self.training is not None:
            self.training.set_champion(model)
        self.model_menu.show_in_use(model, self._device)
        self._model_label.setTextFormat(Qt.TextFormat.PlainText)
        self._model_label.setText(model.card.title)
        self._model_label.setToolTip(str(model.path))
        self._device_label.setText(model.device.upper())
        # Remembered is what the user chose: not a model for one session, nor the factory model
        # that stands in for one whose disk is away today.
        if model.path == self._chosen_model:
            is_factory = model.path == paths.factory_model()
            self._settings.setValue("model", "" if is_factory else str(model.path))
            self._settings.sync()
            if self._settings.status() != QSettings.Status.NoError:
                self.show_message(
                    f"This model reads now, but the choice cannot be remembered: "
                    f"{self._settings.fileName()} cannot be written."
                )
        if self.canvas.is_blank:
            self._show_nothing()
        else:
            self._submit()

    def _show_mistake(self, image: Ink) -> None:
        from lenet_desktop.drawing.picture import on_the_pad

        picture = on_the_pad(image.astype(np.float32) / np.float32(255))
        self.canvas.set_drawing(Drawing(picture=picture), "show a mistake")

    def _show_failure(self, sentence: str) -> None:
        self.show_message(sentence)
        if self.is_loading:
            self.is_loading = False
            self.panel.show_nothing("no model")
            # Another model can still be opened.
            self.model_menu.setEnabled(True)

    def _show_end(self) -> None:
        # Nobody is there any more who could read with another model.
        self.model_menu.setEnabled(False)

    # Files

    def _put_on_pad(self, read: Callable[[], Drawing], text: str) -> None:
        """Put on the pad what ``read`` gives; where it fails, the drawing that is there stays."""
        from lenet_desktop.drawing.picture import PictureError

        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            drawing = read()
        except (PictureError, StrokeFileError) as error:
            self.show_message(str(error))
        else:
            self.canvas.set_drawing(drawing, text)
        finally:
            QGuiApplication.restoreOverrideCursor()

    def _open_image(self, image: QImage, text: str) -> None:
        from lenet_desktop.drawing.picture import read_picture

        self._put_on_pad(lambda: Drawing(picture=read_picture(as_png(image))), text)

    def _ask_open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open a drawing", "", _OPEN_FILTER)
        if name:
            self.open_file(Path(name))

    def _ask_save(self) -> None:
        path = ask_save_name(self, "Save the drawing", "", _SAVE_SUFFIXES)
        if path is not None:
            self.save_drawing(path)

    # Building the window

    def _lay_out(self) -> None:
        tools = self._tools
        tools.setSpacing(6)
        for action in (
            self._actions.clear,
            self._actions.undo,
            self._actions.redo,
            self._actions.erase,
        ):
            tools.addWidget(_button(action))
        tools.addStretch(1)
        brush_label = QLabel("&Brush")
        brush_label.setBuddy(self._brush_slider)
        self._brush_slider.setRange(MIN_BRUSH, MAX_BRUSH)
        self._brush_slider.setPageStep(8)
        self._brush_slider.setMinimumWidth(80)
        self._brush_slider.setMaximumWidth(140)
        self._brush_slider.setAccessibleName("Brush size")
        self._brush_slider.setToolTip("Brush size ([ and ], or Ctrl and the wheel)")
        tools.addWidget(brush_label)
        tools.addWidget(self._brush_slider)

        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.canvas, stretch=1)
        left.addLayout(tools)
        left.addWidget(self.stages)
        content = QWidget()
        across = QHBoxLayout(content)
        across.setContentsMargins(16, 12, 20, 8)
        across.setSpacing(24)
        across.addLayout(left, stretch=1)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.panel, stretch=1)
        right.addWidget(_button(self._actions.train), alignment=Qt.AlignmentFlag.AlignRight)
        across.addLayout(right)
        self.setCentralWidget(content)
        self.setMinimumSize(780, 560)
        for label in (self._model_label, self._device_label, self._time_label):
            label.setContentsMargins(8, 0, 8, 0)
            self.statusBar().addPermanentWidget(label)
        self._model_label.setText("loading the model")
        # A label's accessible name would take the place of its text; a description stands beside.
        self._model_label.setAccessibleDescription("Model in use")
        self._device_label.setAccessibleDescription("Device in use")
        self._time_label.setAccessibleDescription("Time from ink to answer")
        self.canvas.setFocus()

    def _align_tools(self) -> None:
        """Keep the tools exactly below the paper."""
        paper = self.canvas.paper()
        room = self.canvas.width() - self._tools.minimumSize().width()
        room += self._tools.contentsMargins().left() + self._tools.contentsMargins().right()
        margin = max(0, min(round(paper.left()), room // 2))
        self._tools.setContentsMargins(margin, 0, margin, 0)

    def _connect(self) -> None:
        canvas, actions = self.canvas, self._actions
        actions.open.triggered.connect(lambda: self._ask_open())
        actions.save.triggered.connect(lambda: self._ask_save())
        actions.quit.triggered.connect(lambda: self.close())
        actions.paste.triggered.connect(lambda: self.paste())
        actions.train.triggered.connect(lambda: self.open_training())
        actions.stages.triggered.connect(self._show_stages)
        actions.about.triggered.connect(lambda: self._show_about())
        canvas.paper_moved.connect(self._align_tools)
        canvas.cleared.connect(self._drop_answers)
        canvas.drawing_changed.connect(self._take_new_ink)
        canvas.brush_changed.connect(self._brush_slider.setValue)
        canvas.files_dropped.connect(lambda files: self.open_file(Path(files[0])))
        canvas.image_dropped.connect(lambda image: self._open_image(image, "drop"))
        self._brush_slider.valueChanged.connect(canvas.set_brush)
        self.model_menu.model_chosen.connect(self.use_model)
        self.model_menu.device_chosen.connect(self.use_device)
        thread = self.recognition
        thread.recognized.connect(self._show_prediction)
        thread.stages_read.connect(self._show_stage_readings)
        thread.model_changed.connect(self._show_model)
        thread.noticed.connect(self.show_message)
        thread.failed.connect(self._show_failure)
        thread.finished.connect(self._show_end)

    def _restore_settings(self) -> None:
        geometry = self._settings.value("geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(980, 680)
        brush = str(self._settings.value("brush", DEFAULT_BRUSH))
        self._brush_slider.setValue(self.canvas.brush)
        self.canvas.set_brush(int(brush) if brush.isdecimal() else DEFAULT_BRUSH)

    def _show_about(self) -> None:
        licences = paths.resource("LICENCES.txt")
        inside = (
            f"<p>The licences of all that is inside the program are in {licences}.</p>"
            if licences.exists()
            else ""
        )
        QMessageBox.about(
            self,
            "About LeNet Desktop",
            f"<h3>LeNet Desktop {__version__}</h3>"
            "<p>A drawing pad that reads handwritten digits with LeNet-5 "
            "(Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, 1998).</p>"
            "<p>Its digits come from MNIST by Y. LeCun, C. Cortes and C. Burges "
            "(CC BY-SA 3.0). The factory model has also learned from Pen-Based Recognition of "
            "Handwritten Digits by E. Alpaydin and F. Alimoglu (UCI, CC BY 4.0), and was chosen on "
            "UNIPEN (I. Guyon et al.) and UJI Pen Characters (D. Llorens et al., both "
            "CC BY 4.0).</p><p>The program is under the MIT licence.</p>" + inside,
        )

    # Qt's events

    def start(self) -> None:
        """Begin to load the model; call it once the window shows."""
        self.recognition.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask where something would be lost; remember the settings, then end every thread."""
        if self.training is not None and not self.training.may_close():
            event.ignore()
            return
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("brush", self.canvas.brush)
        self._settings.sync()
        self.hide()
        if self.training is not None:
            self.training.shut_down()
            self.training.close()
        self.recognition.stop()
        event.accept()


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setText(action.text().replace("&", ""))
    button.setAccessibleName(button.text())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setMinimumSize(64, 32)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
