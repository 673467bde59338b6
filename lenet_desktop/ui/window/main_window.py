"""The main window: connects its parts, and shuts them down."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from lenet_desktop.inference.kind import Kind
from lenet_desktop.ui.answer.answer_panel import AnswerPanel
from lenet_desktop.ui.answer.answer_texts import are_digits
from lenet_desktop.ui.help.windows import HelpWindows
from lenet_desktop.ui.lessons.menu import LessonMenu
from lenet_desktop.ui.models.model_chip import ModelChip
from lenet_desktop.ui.models.model_menu import ModelMenu
from lenet_desktop.ui.network.strip import NetworkStrip
from lenet_desktop.ui.number.boxes import Boxes
from lenet_desktop.ui.number.kind_switch import KindMenu
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.overlays.ghost import demonstration
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind, MessagePill
from lenet_desktop.ui.pad.overlays.over_paper import OverPaper
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.teaching.labelling import Labelling
from lenet_desktop.ui.window.actions import ThemeMenu, WindowActions
from lenet_desktop.ui.window.escape import Escape
from lenet_desktop.ui.window.files import Files
from lenet_desktop.ui.window.parts.history import History
from lenet_desktop.ui.window.parts.inside_network import InsideNetwork
from lenet_desktop.ui.window.parts.own_classes import OwnClasses
from lenet_desktop.ui.window.parts.own_hand import OwnHand
from lenet_desktop.ui.window.parts.own_samples import OwnSamples
from lenet_desktop.ui.window.parts.training import Training
from lenet_desktop.ui.window.reading import Reading
from lenet_desktop.ui.window.side import ANSWER_WIDTH, DRAWER_WIDTH, LEAST_INSIDE, Side
from lenet_desktop.ui.window.top_bar import TopBar
from lenet_desktop.ui.workers.recognition import ModelInUse

if TYPE_CHECKING:
    from lenet_desktop.ui.help.command_palette import CommandPalette
    from lenet_desktop.ui.inside.view import InsideView
    from lenet_desktop.ui.training.drawer import TrainingDrawer

_SIZE, _MIN_SIZE = QSize(1280, 760), QSize(900, 600)
# The window's frame is known only once it is shown.
_USUAL_FRAME = QSize(16, 40)
# The network strip is shown by default in windows of at least this height.
_STRIP_FROM_HEIGHT = 720
_STRIP_INSIDE_FROM_HEIGHT = 940
# The answer and the drawer are side by side if that leaves this width for the paper.
_ROOM_FOR_PAPER = 420
# Of the width, for the paper and for the view inside the network.
_SHARES = 3, 7
_SWAP_KEY = Qt.Key.Key_X
# An interrupted training is looked for this long after the model is loaded, in milliseconds: first
# the window must answer.
_CUT_OFF_MS = 1000


class MainWindow(QMainWindow):
    """The paper, the answer beside it, the training drawer, and the network strip below."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("LeNet Desktop"))
        self.session = session
        session.setParent(self)
        self._has_refused_ink = False  # the pill says so
        self._kind = Kind.AUTO

        self.canvas = Canvas()
        self.panel = AnswerPanel()
        self.strip = NetworkStrip()
        self.side = Side(self.panel)
        self.files = Files(self.canvas, session, self)
        self.boxes = Boxes(self.canvas)
        self.over_paper = OverPaper(self.canvas)
        self.pill = MessagePill(self.canvas)  # above a digit that lies over the paper
        self.reading = Reading(self.canvas, self.boxes, self.panel, self.strip, session)

        self.inside_network = InsideNetwork(
            self.canvas, self.over_paper, self.side, self.reading, session, self
        )

        self.actions_ = WindowActions(self.canvas, self)
        self.model_menu = ModelMenu(self.actions_.train, session, self)
        self.kind_menu = KindMenu(session.settings, self)
        self._theme_menu = ThemeMenu(session.settings, self)
        self.lesson_menu = LessonMenu(self)
        self.chip = ModelChip(self.model_menu, session)
        self.labelling = Labelling(self.canvas, self.panel.label_row, self)
        self.own_samples = OwnSamples(self.canvas, self.reading, self.labelling, session, self)
        self.practice = self.own_samples.practice
        self.actions_.fill(
            self.menuBar(),
            self.model_menu,
            self.labelling.menu,
            self.kind_menu,
            self._theme_menu,
            self.lesson_menu,
        )
        self.palette_: CommandPalette | None = None
        self.history = History(self)
        self.own_hand = OwnHand(self)
        self.own_classes = OwnClasses(self)
        self.training_ = Training(self)
        self.help = HelpWindows(self)
        inside = self.inside_network
        Escape(
            self,
            self.canvas,
            self.pill,
            self.over_paper,
            self.side,
            session,
            inside,
            self.practice,
            self.lesson_menu,
        )
        self._lay_out()
        self._connect()
        self._restore_settings()
        self.reading.show_nothing()

    # The user's actions

    def open_file(self, path: Path) -> None:
        """Open a picture or a stroke file on the pad, or use a model file from now on."""
        self.files.open(path)

    def show_message(self, sentence: str, kind: MessageKind = MessageKind.ERROR) -> None:
        """Show one sentence until it is closed or something new is drawn."""
        self.pill.show_sentence(sentence, kind)

    @property
    def message(self) -> str:
        """The sentence that is shown now, or ''."""
        return self.pill.sentence

    @property
    def status(self) -> str:
        """The model in use, the device, and the time of the last answer."""
        model = self.session.model
        device = "" if model is None else model.device.upper()
        return " · ".join(filter(None, (self.chip.text(), device, self.panel.time)))

    @property
    def is_loading(self) -> bool:
        """Whether the first model is still being loaded."""
        return self.session.is_loading

    @property
    def last_ink_time(self) -> float:
        """``time.perf_counter()`` when the last drawing was submitted."""
        return self.reading.last_ink_time

    def is_answered(self) -> bool:
        """Return whether the answer shown belongs to the ink that is on the pad now."""
        return self.reading.is_answered

    def open_training(self) -> None:
        """Open the training drawer; the pad stays usable beside it."""
        self.training_.open(True)

    @property
    def training(self) -> "TrainingDrawer | None":
        """The training drawer, or None before it is first opened."""
        return self.training_.drawer

    def _open_palette(self) -> None:
        from lenet_desktop.ui.help.command_palette import CommandPalette

        if self.palette_ is None:
            self.palette_ = CommandPalette(self)
        self.palette_.open()

    def _show_strip(self, shown: bool) -> None:
        self.session.settings.strip = shown
        with self.canvas.paper_held():
            self._set_strip(shown)
            self._content.activate()

    def _set_strip(self, shown: bool) -> None:
        self.actions_.network.setChecked(shown)
        self.strip.setVisible(shown)
        self.reading.show_stages(shown)

    @property
    def inside(self) -> "InsideView | None":
        """The view inside the network, or None before it is first opened."""
        return self.inside_network.view

    def _take_inside(self, shown: bool) -> None:
        """Make room for the view inside the network, or for the answer again."""
        self.actions_.inside.setChecked(shown)
        self.canvas.setFocus()
        self._fit_parts()
        if self.strip.isHidden() and not shown:
            self.strip.stop_at("")
        self._set_paper()

    def _show_trial(self, challenger: str) -> None:
        if challenger:
            self.side.show_answer()

    def _take_number(self, number: str) -> None:
        self.actions_.copy.setEnabled(bool(number))
        self.labelling.offer(self.reading.offer)

    def _tell_of_label(self, label: str) -> None:
        sentence = self.tr("Noted as {name} in your samples").format(name=label)
        self.show_message(sentence, MessageKind.SUCCESS)

    def _tell_of_practice(self, sentence: str) -> None:
        show = self.own_samples.show_practised
        self.pill.show_sentence(sentence, MessageKind.HINT, self.tr("Show my samples"), show)

    def _learn(self, classes: tuple[str, ...]) -> None:
        """Learn from the samples of these classes."""
        if are_digits(classes):
            self.own_hand.learn()
        else:
            self.own_classes.learn(classes)

    def _tell_of_stop(self, stage: str) -> None:
        if stage:
            self.pill.show_sentence(
                self.tr("The network now reads the drawing without the stages that are faded"),
                MessageKind.HINT,
                self.tr("Switch them on"),
                lambda: self.strip.stop_at(""),
            )
        elif self.pill.kind is MessageKind.HINT:
            self.pill.hide()

    def _take_new_ink(self) -> None:
        self.pill.hide()

    def _refuse_ink(self) -> None:
        """Say why the pen leaves no ink on a digit from the data."""
        self.pill.show_sentence(
            self.tr("Go back to your drawing to draw on"),
            MessageKind.HINT,
            self.tr("Back to my drawing"),
            self.over_paper.back,
        )
        self._has_refused_ink = True

    def _leave_mistake(self) -> None:
        self.reading.set_aside(False)
        self.inside_network.set_aside(False)
        if self._has_refused_ink:
            self._has_refused_ink = False
            self.pill.hide()

    def _show_opening(self, name: str) -> None:
        if name:
            self.show_message(self.tr("Opening {name} …").format(name=name), MessageKind.HINT)
        elif self.pill.kind is MessageKind.HINT:
            self.pill.hide()

    # Building the window

    def _lay_out(self) -> None:
        content = QWidget()
        across = QHBoxLayout()
        across.setContentsMargins(12, 0, 12, 8)
        across.setSpacing(12)
        across.addWidget(self.canvas, stretch=_SHARES[0])
        across.addWidget(self.side, stretch=_SHARES[1])
        self._content = down = QVBoxLayout(content)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(4)
        self.top_bar = TopBar(self.canvas, self.actions_, self.kind_menu, self.chip)
        down.addWidget(self.top_bar)
        down.addWidget(self.practice.strip)
        down.addLayout(across, stretch=1)
        down.addWidget(self.strip)
        self.setCentralWidget(content)
        self.canvas.setFocus()

    def _connect(self) -> None:
        canvas, actions, session, files = self.canvas, self.actions_, self.session, self.files
        actions.open.triggered.connect(files.ask_open)
        actions.save.triggered.connect(lambda: files.ask_save(self.panel.digit))
        actions.copy.triggered.connect(self._copy_number)
        actions.paste.triggered.connect(files.paste)
        actions.quit.triggered.connect(lambda: self.close())
        actions.train.triggered.connect(self.training_.open)
        self.model_menu.learn_hand_action.triggered.connect(self.own_hand.learn)
        self.model_menu.new_classes_action.triggered.connect(self.own_classes.open)
        self.model_menu.history_action.triggered.connect(self.history.show)
        actions.network.triggered.connect(self._show_strip)
        actions.inside.triggered.connect(self.inside_network.open)
        self.inside_network.shown.connect(self._take_inside)
        self.kind_menu.kind_changed.connect(self._read_as)
        self.reading.number_changed.connect(self._take_number)
        canvas.pen_lifted.connect(lambda: self.labelling.offer(self.reading.offer))
        self.labelling.labelled.connect(self._tell_of_label)
        self.labelling.taken_back.connect(
            lambda: self.show_message(self.tr("Taken back"), MessageKind.SUCCESS)
        )
        self.labelling.failed.connect(self.show_message)
        actions.samples.triggered.connect(self.own_samples.open)
        actions.practice.triggered.connect(self.own_samples.begin_practice)
        self.own_samples.failed.connect(self.show_message)
        self.own_samples.learning_chosen.connect(self._learn)
        self.practice.running_changed.connect(lambda _: self._read_as(self.kind_menu.kind))
        self.practice.ended.connect(self._tell_of_practice)
        self.panel.sample.clicked.connect(actions.network.trigger)
        self.strip.closed.connect(actions.network.trigger)
        self.strip.stop_changed.connect(self._tell_of_stop)
        actions.switch_theme.triggered.connect(self._theme_menu.switch)
        actions.commands.triggered.connect(self._open_palette)
        actions.shortcuts.triggered.connect(lambda: self.help.show_shortcuts())
        actions.guide.triggered.connect(lambda: self.help.show_guide())
        actions.log.triggered.connect(lambda: self.help.show_log())
        actions.about.triggered.connect(lambda: self.help.show_about())
        self.side.drawer_shown.connect(actions.train.setChecked)
        # Shortcuts do nothing while the focus is on something hidden.
        self.side.drawer_shown.connect(lambda shown: None if shown else canvas.setFocus())
        canvas.drawing_changed.connect(self._take_new_ink)
        self.over_paper.opened.connect(lambda: self.reading.set_aside(True))
        self.over_paper.opened.connect(lambda: self.inside_network.set_aside(True))
        self.over_paper.closed.connect(self._leave_mistake)
        self.over_paper.drawn_on.connect(self._refuse_ink)
        canvas.files_dropped.connect(lambda names: files.open(Path(names[0])))
        canvas.image_dropped.connect(lambda image: files.open_image(image, self.tr("drop")))
        files.opening_changed.connect(self._show_opening)
        files.saved.connect(
            lambda name: self.show_message(
                self.tr("Saved {name}").format(name=name), MessageKind.SUCCESS
            )
        )
        files.failed.connect(self.show_message)
        self._tell_of_exports()
        for menu in self.findChildren(QMenu):
            # A menu takes the release of the key.
            menu.aboutToShow.connect(lambda: self.reading.swap(False))
        session.model_changed.connect(self._take_model)
        session.challenger_changed.connect(self._show_trial)
        session.noticed.connect(lambda sentence: self.show_message(sentence, MessageKind.HINT))
        session.failed.connect(self.show_message)

    def _tell_of_exports(self) -> None:
        exports = self.model_menu.exports
        exports.started.connect(
            lambda name: self.show_message(
                self.tr("Exporting {name} …").format(name=name), MessageKind.HINT
            )
        )
        exports.exported.connect(
            lambda path: self.show_message(
                self.tr("Exported to {path}").format(path=path), MessageKind.SUCCESS
            )
        )
        exports.failed.connect(self.show_message)

    def _take_model(self, model: ModelInUse) -> None:
        for action in (self.actions_.train, self.actions_.samples, self.actions_.practice):
            action.setEnabled(True)
        is_digits = are_digits(model.card.classes)
        self._read_as(self.kind_menu.kind)
        self.canvas.show_ghost(demonstration() if is_digits else None)

    def _read_as(self, kind: Kind) -> None:
        """Read drawings as a digit or a number, and take the paper for it."""
        model = self.session.model
        if kind is Kind.AUTO and model is not None and not are_digits(model.card.classes):
            kind = Kind.DIGIT
        if self.practice.is_running:
            kind = Kind.DIGIT
        self._kind = kind
        self._set_paper()
        self.reading.read_as(kind)

    def _set_paper(self) -> None:
        """Take a wide paper for numbers; a square one where the network needs the room."""
        is_square = self._kind is Kind.DIGIT or (
            self._kind is Kind.AUTO and self.inside_network.is_open
        )
        self.canvas.set_wide(not is_square)

    def _copy_number(self) -> None:
        number = self.reading.number
        QGuiApplication.clipboard().setText(number)
        self.show_message(self.tr("Copied {number}").format(number=number), MessageKind.SUCCESS)

    def _restore_settings(self) -> None:
        settings = self.session.settings
        screen = self.screen().availableSize() - _USUAL_FRAME
        self.setMinimumSize(_MIN_SIZE.boundedTo(screen))
        geometry = settings.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(_SIZE.boundedTo(screen))
        self.canvas.set_brush(settings.brush)
        self._read_as(self.kind_menu.kind)
        self._set_strip(self._has_strip())

    def _has_strip(self) -> bool:
        """Return whether the strip is to be shown: as the user chose, else if there is room.

        Beside the view inside the network it is shown in high windows only.
        """
        if self.inside_network.is_open and self.height() < _STRIP_INSIDE_FROM_HEIGHT:
            return False
        chosen = self.session.settings.strip
        return self.height() >= _STRIP_FROM_HEIGHT if chosen is None else chosen

    def _fit_screen(self) -> None:
        """Make the window smaller if it does not fit the screen together with its frame."""
        frame = self.frameGeometry().size() - self.size()
        room = self.screen().availableSize() - frame
        if self.isMaximized() or self.isFullScreen():
            return
        if self.minimumSize().boundedTo(room) != self.minimumSize():
            self.setMinimumSize(_MIN_SIZE.boundedTo(room))
        self.resize(self.size().boundedTo(room))

    # Qt's events

    def start(self) -> None:
        """Start to load the model; call this once the window is shown."""
        self._fit_screen()
        self.session.start()
        self.session.model_changed.connect(
            lambda: QTimer.singleShot(_CUT_OFF_MS, self, self.training_.look_for_cut_off),
            Qt.ConnectionType.SingleShotConnection,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the drawer as a tab, and hide the strip, where there is no room for them."""
        self._fit_parts()
        super().resizeEvent(event)

    def _fit_parts(self) -> None:
        answer = LEAST_INSIDE if self.inside_network.is_open else ANSWER_WIDTH
        self.side.set_narrow(self.width() < answer + DRAWER_WIDTH + _ROOM_FOR_PAPER)
        if self.strip.isHidden() is self._has_strip():
            self._set_strip(self._has_strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the challenger's answer as long as the key is held."""
        if event.key() == _SWAP_KEY and not event.isAutoRepeat():
            self.reading.swap(True)
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Show the champion's answer again."""
        if event.key() == _SWAP_KEY and not event.isAutoRepeat():
            self.reading.swap(False)
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Show the champion's answer again: a key released in another window is not seen here."""
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.reading.swap(False)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if something would be lost; save the settings, then end every thread."""
        may_close = self.training_.may_close()
        # A drawing that could not be saved is not lost: the window stays, and says why.
        parts = self.labelling, self.own_samples, self.own_classes
        waits_for = self.files.are_written, *(part.is_written for part in parts)
        if not may_close or not all(is_written() for is_written in waits_for):
            event.ignore()
            return
        settings = self.session.settings
        settings.geometry = self.saveGeometry()
        settings.brush = self.canvas.brush
        settings.sync()
        self.hide()
        self.training_.shut_down()
        self.files.stop()
        self.model_menu.exports.stop()
        self.labelling.stop()
        self.own_samples.stop()
        self.own_classes.stop()
        self.inside_network.stop()
        self.session.stop()
        event.accept()
