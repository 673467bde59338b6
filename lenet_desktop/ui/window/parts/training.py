"""Opens the training drawer, and tells of a training that was interrupted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from lenet_desktop.ui.pad.overlays.message_pill import MessageKind

if TYPE_CHECKING:
    from lenet_desktop.ui.training.cut_off import CutOff
    from lenet_desktop.ui.training.drawer import TrainingDrawer
    from lenet_desktop.ui.window.main_window import MainWindow


class Training(QObject):
    """The training drawer; it is made when it is first opened.

    Attributes:
        drawer: the drawer, or None before.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._cut_off: CutOff | None = None
        self.drawer: TrainingDrawer | None = None

    def open(self, is_open: bool) -> None:
        """Open the drawer, once a model is loaded, or close it; the pad stays usable beside it."""
        if is_open and self.drawer is None:
            if self._window.session.model is None:
                return
            self.drawer = self._make()
            if not self._window.canvas.is_blank:
                self._window.reading.submit()  # the run gets its sample
        if not is_open and self.drawer is not None:
            self.drawer.during.film.follow()  # the moment is no longer in sight
        self._window.side.open_drawer(is_open)

    def look_for_cut_off(self) -> None:
        """Tell of a training that was interrupted, unless the drawer does."""
        from lenet_desktop.training.resumable import any_checkpoint

        if self.drawer is not None or not any_checkpoint():
            return
        from lenet_desktop.ui.training.before.interrupted import sentence_about
        from lenet_desktop.ui.training.cut_off import CutOff

        cut_off = self._cut_off = CutOff(self)
        pill = self._window.pill

        def tell() -> None:
            if self.drawer is None and cut_off.job is not None and not pill.isVisible():
                pill.show_sentence(
                    sentence_about(cut_off),
                    MessageKind.HINT,
                    self.tr("Show it"),
                    self._window.open_training,
                )

        cut_off.changed.connect(tell)
        cut_off.look()

    def may_close(self) -> bool:
        """Ask what to do with a training or an outcome; return False if the user cancels."""
        return self.drawer is None or self.drawer.may_close()

    def shut_down(self) -> None:
        """End all threads and wait for them."""
        if self.drawer is not None:
            self.drawer.shut_down()
        if self._cut_off is not None:
            self._cut_off.shut_down()

    def _make(self) -> "TrainingDrawer":
        # The plot's library takes a third of a second to load, parts of torch a whole second:
        # load them only when they are needed.
        from lenet_desktop.ui.training.drawer import TrainingDrawer

        window = self._window
        drawer = TrainingDrawer(window.session)
        window.side.set_drawer(drawer)
        drawer.closed.connect(lambda: window.side.open_drawer(False))
        drawer.moment_chosen.connect(window.inside_network.show_moment)
        drawer.mistake_chosen.connect(window.over_paper.show_image)
        drawer.after.mistake_left.connect(window.over_paper.back)
        drawer.after.swap_held.connect(window.reading.swap)
        run = drawer.run
        run.challenger_read.connect(window.reading.show_challenger_in_training)
        run.phase_changed.connect(lambda _: window.reading.show_challenger_in_training(None))
        run.summary_changed.connect(
            lambda summary: window.actions_.train.setIconText(summary or self.tr("Train"))
        )
        window.reading.sample_changed.connect(run.watch)
        return drawer
