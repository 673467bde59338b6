"""Before a training: what was interrupted, the data, the recipe, and all settings."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lenet_desktop.data.family.sets import FAMILY, DataSet
from lenet_desktop.data.sources import STARTER
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.training.before.interrupted import InterruptedTraining
from lenet_desktop.ui.training.before.mnist_offer import MnistOffer
from lenet_desktop.ui.training.before.options import TrainingOptions
from lenet_desktop.ui.training.primary_button import PrimaryButton
from lenet_desktop.ui.training.run import Phase, TrainingRun
from lenet_desktop.ui.training.scrolling import Scrolling
from lenet_desktop.ui.workers.recognition import ModelInUse


class BeforePage(QWidget):
    """Where the user chooses what to train.

    Args:
        run: the training.
        session: the pad's model and device; a model must be loaded.
        mirrors: where to download MNIST from; None for the usual addresses.

    Signals:
        said (str): one sentence for the user, or '' if the last one is no longer true.
    """

    said = Signal(str)

    def __init__(
        self, run: TrainingRun, session: Session, mirrors: tuple[str, ...] | None = None
    ) -> None:
        super().__init__()
        self._run, self._session = run, session
        self._found: Path | None = STARTER  # the folder of MNIST, once it is found
        self._gone: Path | None = None  # the folder of last time, as long as nothing else is chosen
        model = session.model
        assert model is not None
        self.interrupted = InterruptedTraining()
        self.mnist = MnistOffer(mirrors)
        self.options = TrainingOptions(model.devices, model.card)
        self.options.device.setCurrentText(model.device)
        self.train_button = PrimaryButton(self.tr("&Train"))
        self._lay_out()
        self.train_button.clicked.connect(self.train)
        self.interrupted.go_on_button.clicked.connect(run.go_on)
        self.interrupted.dismiss_button.clicked.connect(run.cut_off.dismiss)
        self.mnist.started.connect(self._show_state)
        self.mnist.said.connect(self.said)
        self.mnist.ended.connect(self.look_again)
        self.options.changed.connect(self._take_change)
        self.options.data.folder_chosen.connect(self._remember_folder)
        self.options.data.chosen.connect(self._forget_gone)
        self.options.data.seen.connect(self._show_state)
        run.cut_off.changed.connect(self._show_cut_off)
        session.model_changed.connect(self._take_model)
        self._take_remembered_folder()
        self.look_again()

    def train(self) -> None:
        """Train with the chosen options."""
        model = self._session.model
        assert model is not None
        if (
            self._run.phase is not Phase.BEFORE
            or self.mnist.is_downloading
            or self.options.data.is_looking
        ):
            return
        chosen = self.options.data_path
        # Champion and challenger are compared on MNIST only if both learned from it.
        is_mnist = chosen == STARTER or self.mnist.is_usable(chosen)
        held_out = self.mnist.folder(chosen) if is_mnist else None
        try:
            job = self.options.job(model.path, held_out)
        except ValueError as error:
            self.said.emit(self.tr("This cannot be trained: {reason}.").format(reason=error))
            return
        self._run.start(job)

    def look_again(self) -> None:
        """Offer the data on this computer, and the training that was interrupted."""
        found = self.mnist.found()
        # Keep the user's choice if nothing has changed on the disk.
        if found != self._found:
            self._found = found
            self.options.set_data(found)
        if self._gone is not None and self.mnist.is_usable(self._gone):
            self.options.use_folder(self._gone)
            self._gone = None
        self.options.data.look()
        self._run.cut_off.look()
        self._show_cut_off()
        self._show_state()

    def scroll_to_top(self) -> None:
        """Show the top of the page."""
        self._scroll.verticalScrollBar().setValue(0)

    def take_damage(self, folder: Path) -> None:
        """Treat the MNIST in this folder as missing."""
        self.mnist.mark_damaged(folder)
        self.look_again()

    def shut_down(self) -> None:
        """Cancel a download, stop looking at data, and wait for their threads."""
        self.mnist.shut_down()
        self.options.data.shut_down()

    def _take_remembered_folder(self) -> None:
        folder = self._session.settings.training_folder
        if folder is None:
            return
        if self.mnist.is_usable(folder):
            self.mnist.known = folder
            self.options.use_folder(folder)
        else:
            self._gone = folder

    def _forget_gone(self) -> None:
        self._gone = None
        self._show_state()

    def _remember_folder(self, folder: Path) -> None:
        if self.mnist.is_usable(folder):
            self.mnist.known = folder
            self._session.settings.training_folder = folder

    def _take_change(self) -> None:
        # What was said may have been about what is corrected now.
        self.said.emit("")
        self._show_state()

    def _take_model(self, model: ModelInUse) -> None:
        self.options.set_card(model.card)
        self._show_state()

    def _show_cut_off(self) -> None:
        self.interrupted.show_training(self._run.cut_off)
        self._show_state()

    def _show_state(self) -> None:
        data = self.options.data
        self.mnist.look_again(data.path, is_needed=not data.holds_pictures)
        downloads = self.mnist.is_downloading
        looks = self.options.data.is_looking
        self.train_button.setEnabled(not (downloads or looks))
        self.interrupted.go_on_button.setEnabled(not downloads)
        tip = self.tr("The training can begin when the download has ended") if downloads else ""
        self.train_button.setToolTip(tip)
        text, more = self._description()
        if self._gone is not None:
            gone = self.tr("MNIST is no longer in {folder}.").format(folder=self._gone)
            text = f"{gone} {text}"
        self.options.data.describe(text, more)
        settings, device = self._session.settings, self.options.device.currentText()
        self.options.show_times(settings.training_speed(device))

    def _description(self) -> tuple[str, str]:
        """Return what is true of the chosen data, and more about it for a tooltip."""
        chosen = self.options.data_path
        starts_from_model = self.options.starts_from_model
        if chosen == STARTER:
            if starts_from_model:
                text = self.tr(
                    "Learns on from '{model}': 3,500 digits are few for a start from scratch."
                ).format(model=self._model_name())
            else:
                text = self.tr(
                    "Starts from scratch: 3,500 digits are few for that, so the model will read "
                    "worse than one trained on MNIST."
                )
            if self.mnist.folder(chosen) is not None:
                return text, ""
            return text, self.tr(
                "Without MNIST the models are compared on 1,000 other starter digits; they were "
                "among the factory model's validation digits."
            )
        if chosen in FAMILY:
            return self._description_of_set(FAMILY[chosen])
        if self.options.data.is_of_pictures:
            return self._description_of_pictures(), ""
        if self.mnist.is_damaged(chosen):
            text = self.tr("The MNIST in {folder} is damaged: choose other digits.")
            return text.format(folder=chosen), ""
        counts = self.tr("55,000 digits to train, 5,000 to validate, 10,000 to test.")
        if starts_from_model:
            text = self.tr("Learns on from '{model}'.").format(model=self._model_name())
            return f"{text} {counts}", ""
        return counts, ""

    def _description_of_set(self, data: DataSet) -> tuple[str, str]:
        counts = self.tr(
            "{what}: {train} to train, {validation} to validate, {test} to test."
        ).format(
            what=data.what[:1].upper() + data.what[1:],
            train=f"{data.training_images:,}",
            validation=f"{data.validation * data.classes:,}",
            test=f"{data.test:,}",
        )
        source = self.tr("By {credit}. Licence: {licence}.").format(
            credit=data.credit, licence=data.licence
        )
        seen = self.options.data.looked_at
        problem = seen.problem if seen is not None else ""
        return f"{problem or counts} {source}", ""

    def _description_of_pictures(self) -> str:
        seen = self.options.data.looked_at
        if seen is None:
            return self.tr("Looking at the pictures in {folder} …").format(
                folder=self.options.data_path
            )
        if seen.problem:
            return seen.problem
        return self.tr(
            "{count} pictures of {classes} classes: {train} to train, the others to validate and "
            "to test."
        ).format(count=f"{seen.count:,}", classes=len(seen.classes), train=f"{seen.train:,}")

    def _model_name(self) -> str:
        model = self._session.model
        return "" if model is None else model.card.title

    def _lay_out(self) -> None:
        self._scroll = Scrolling(spacing=12)
        content, inside = self._scroll.content, self._scroll.inside
        inside.addWidget(self.interrupted)
        inside.addWidget(self.mnist)
        inside.addWidget(self.options)
        inside.addStretch(1)
        self._content = content
        self.options.advanced.opened.connect(self._show_opened)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll, stretch=1)
        layout.addWidget(self.train_button)
        # A wheel that scrolls the page must not change the fields that it passes over.
        for field in content.findChildren(QWidget):
            if field.focusPolicy() & Qt.FocusPolicy.WheelFocus == Qt.FocusPolicy.WheelFocus:
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                field.installEventFilter(self)

    def _show_opened(self, is_open: bool) -> None:
        """Move what was opened to the top, once it is laid out."""
        if is_open:
            QTimer.singleShot(0, self, self._scroll_to_advanced)

    def _scroll_to_advanced(self) -> None:
        top = self.options.mapTo(self._content, self.options.advanced.pos()).y()
        self._scroll.verticalScrollBar().setValue(top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the wheel to the page unless the field under it has the focus."""
        if (
            event.type() is QEvent.Type.Wheel
            and isinstance(watched, QWidget)
            and not watched.hasFocus()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
