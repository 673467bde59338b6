"""The parts of the window that a step can point at: where they are, and how to open them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QScrollArea, QSlider, QWidget

from lenet_desktop.ui.number.kind_switch import KindSwitch
from lenet_desktop.ui.window.bar_button import BarButton

if TYPE_CHECKING:
    from lenet_desktop.ui.inside.view import InsideView
    from lenet_desktop.ui.training.drawer import TrainingDrawer
    from lenet_desktop.ui.window.main_window import MainWindow

_STRIP, _INSIDE = "strip-", "inside-"
# Parts of the training drawer, by the phase in which they are there.
_BEFORE = ("recipes", "epochs", "learning-rate", "images", "start-training")
_FIELDS = ("epochs", "learning-rate", "images")
_AFTER = ("verdict", "discard")

Place = tuple[QWidget, QRect]
"""A widget, and an area in its coordinates."""


@dataclass(frozen=True)
class Way:
    """How a part that is hidden can be shown.

    Attributes:
        text: why it is hidden.
        button: the text of a button that shows it; '' if there is none.
        go: what the button does.
    """

    text: str
    button: str = ""
    go: Callable[[], object] | None = None


class Parts(QObject):
    """Finds parts by their names in ``PARTS``."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def area(self, name: str) -> QRect | None:
        """Return where a part can be seen, in the window's coordinates; None if it is hidden."""
        place = self._place(name)
        if place is None or not place[0].isVisible():
            return None
        widget, inside = place
        area = QRect(widget.mapTo(self._window, inside.topLeft()), inside.size())
        above: QWidget | None = widget
        while above is not None and above is not self._window:
            area = area.intersected(QRect(above.mapTo(self._window, QPoint()), above.size()))
            above = above.parentWidget()
        return area if area.isValid() else None

    def bring(self, name: str) -> None:
        """Scroll to a part."""
        place = self._place(name)
        above = None if place is None else place[0].parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if place is not None and above is not None:
            above.ensureWidgetVisible(place[0], 0, 12)

    def way(self, name: str) -> Way:
        """Return how a hidden part can be shown."""
        if name == "strip" or name.startswith(_STRIP):
            return self._way_to_strip()
        if name == "inside" or name.startswith(_INSIDE):
            return self._way_to_inside(name)
        if name in ("answer", "bars"):
            return self._way_to_answer()
        if name == "training" or name in (*_BEFORE, "plot", *_AFTER):
            return self._way_to_training(name)
        return Way(self.tr("It is not shown now."))

    # Ways

    def _way_to_strip(self) -> Way:
        actions = self._window.actions_
        if self._window.inside_network.is_open:
            text = self.tr("In a low window it is hidden while you look inside the network.")
            return Way(text, self.tr("Close that view"), actions.inside.trigger)
        return Way(
            self.tr("The strip at the bottom is closed."),
            self.tr("Open the strip"),
            actions.network.trigger,
        )

    def _way_to_inside(self, name: str) -> Way:
        window = self._window
        if not window.inside_network.is_open:
            return Way(
                self.tr("The view inside the network is closed."),
                self.tr("Open the view"),
                window.actions_.inside.trigger,
            )
        view = window.inside
        if view is not None and not view.isVisible():
            return Way(
                self.tr("It is behind the training."),
                self.tr("Show it"),
                window.side.show_answer,
            )
        if name == "inside-arithmetic" and view is not None:
            return Way(
                self.tr("Another page is in front of it."),
                self.tr("Show it"),
                lambda: view.show_page(view.arithmetic),
            )
        if name == "inside-all-on":
            return Way(self.tr("Nothing is switched off."))
        if view is not None and view.reading is not None:
            return Way(self.tr("The network in use has no such layer."))
        return Way(self.tr("It appears when you draw."))

    def _way_to_answer(self) -> Way:
        window = self._window
        if window.inside_network.is_open:
            return Way(
                self.tr("The view inside the network is in its place."),
                self.tr("Close that view"),
                window.actions_.inside.trigger,
            )
        show = window.side.show_answer
        return Way(self.tr("It is behind the training."), self.tr("Show it"), show)

    def _way_to_training(self, name: str) -> Way:
        from lenet_desktop.ui.training.run import Phase

        window, drawer = self._window, self._window.training
        if window.session.model is None:
            return Way(self.tr("The model is still being loaded."))
        if drawer is None or not drawer.isVisible():
            is_open = window.side.is_drawer_open
            return Way(
                self.tr("It is behind the answer.")
                if is_open
                else self.tr("The training drawer is closed."),
                self.tr("Show it") if is_open else self.tr("Open the drawer"),
                window.open_training,
            )
        phase = drawer.run.phase
        if name in _BEFORE and phase is Phase.DURING:
            return Way(self.tr("A training is under way: wait for its end."))
        if name in _BEFORE and phase is Phase.AFTER:
            return Way(self.tr("First keep or discard the model that was trained."))
        if name in _FIELDS and not drawer.before.options.advanced.button.isChecked():
            fold = drawer.before.options.advanced.button
            return Way(
                self.tr("It is among the advanced options."),
                self.tr("Open them"),
                lambda: fold.setChecked(True),
            )
        if name == "plot" and phase is Phase.AFTER:
            if not drawer.after.curves.fold.button.isChecked():
                fold = drawer.after.curves.fold.button
                return Way(
                    self.tr("The curves are folded up."),
                    self.tr("Show the curves"),
                    lambda: fold.setChecked(True),
                )
        elif name == "plot":
            return Way(self.tr("The curves appear when a training runs."))
        if name in _AFTER and phase is not Phase.AFTER:
            return Way(self.tr("It appears when a training has ended."))
        return Way(self.tr("Scroll to it."), self.tr("Scroll"), lambda: self.bring(name))

    # Places

    def _place(self, name: str) -> Place | None:
        window = self._window
        view = window.inside if window.inside_network.is_open else None
        if name == "paper":
            paper = window.canvas.paper().toAlignedRect()
            return window.canvas, paper.intersected(window.canvas.rect())
        if name == "answer":
            return whole(view.header) if view else (window.panel, window.panel.answer_area)
        if name.startswith(_STRIP):
            stage = name.removeprefix(_STRIP)
            return whole(window.strip.answer if stage == "answer" else window.strip.tiles[stage])
        if name == "inside" or name.startswith(_INSIDE):
            return None if view is None else _inside(view, name.removeprefix(_INSIDE))
        drawer = window.training
        if name == "training" or name in (*_BEFORE, "plot", *_AFTER):
            return None if drawer is None else whole(_in_drawer(drawer, name))
        return whole(self._always_there(name))

    def _always_there(self, name: str) -> QWidget:
        window = self._window
        if name == "bars":
            return window.panel.bars
        if name == "strip":
            return window.strip
        found: QWidget | None
        if name in ("kind", "brush"):
            found = window.top_bar.findChild(KindSwitch if name == "kind" else QSlider)
        else:
            action = {"clear": window.actions_.clear, "train": window.actions_.train}[name]
            buttons = window.top_bar.findChildren(BarButton)
            found = next(button for button in buttons if button.defaultAction() is action)
        assert isinstance(found, QWidget)
        return found


def whole(widget: QWidget) -> Place:
    """Return all of a widget."""
    return widget, widget.rect()


def _inside(view: "InsideView", name: str) -> Place | None:
    widgets = {
        "inside": view,
        "answer": view.header,
        "switch": view.header.switching,
        "all-on": view.header.all_on,
        "arithmetic": view.arithmetic,
    }
    if name in widgets:
        return whole(widgets[name])
    names = [] if view.reading is None else [layer.name for layer in view.reading.layers]
    area = view.picture.place_of_layer(names.index(name)) if name in names else None
    return None if area is None else (view.picture, area.toAlignedRect())


def _in_drawer(drawer: "TrainingDrawer", name: str) -> QWidget:
    options = drawer.before.options
    widgets: dict[str, QWidget] = {
        "training": drawer,
        "recipes": options.recipes,
        "epochs": options.epochs,
        "learning-rate": options.learning_rate,
        "images": options.images,
        "start-training": drawer.before.train_button,
        "plot": drawer.during.plot,
        "verdict": drawer.after.comparison,
        "discard": drawer.after.decision.discard_button,
    }
    return widgets[name]
