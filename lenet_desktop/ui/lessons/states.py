"""Whether what a step waits for is so already, or has become so unseen."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lenet_desktop.lessons.lesson import Step
from lenet_desktop.ui.lessons.parts import Parts

if TYPE_CHECKING:
    from lenet_desktop.ui.window.main_window import MainWindow


class States:
    """Looks at the window; a stroke or a move of the drawing leaves no state, and is never so."""

    def __init__(self, window: "MainWindow", parts: Parts) -> None:
        self._window, self._parts = window, parts
        self._of: dict[str, Callable[[Mapping[str, Any]], bool]] = {
            "cleared": lambda _: window.canvas.is_blank,
            "read-as": lambda details: details.get("kind") == window.kind_menu.kind.value,
            "preprocessing-off": self._is_off,
            "preprocessing-on": lambda _: not window.strip.stops_at,
            "switched-on": lambda _: window.inside is not None and not window.inside.off,
            "option": self._has_option,
            "training-ended": lambda _: self._is_in("BEFORE", "AFTER"),
            "decided": lambda _: self._is_in("BEFORE"),
        }

    def hold(self, step: Step) -> bool:
        """Return whether the state that a step waits for is there."""
        wait = step.wait
        if wait is None:
            return False
        if wait.event == "shown":
            return self._parts.area(step.part) is not None
        return wait.event in self._of and self._of[wait.event](wait.details)

    def _is_off(self, details: Mapping[str, Any]) -> bool:
        stage = self._window.strip.stops_at
        return bool(stage) and details.get("stage", stage) == stage

    def _has_option(self, details: Mapping[str, Any]) -> bool:
        drawer = self._window.training
        if drawer is None:
            return False
        from lenet_desktop.ui.lessons.options import option

        value = option(drawer.before.options, details["option"])
        lowest = details.get("at_least", float("-inf"))
        highest = details.get("at_most", float("inf"))
        return isinstance(value, int | float) and lowest <= value <= highest

    def _is_in(self, *phases: str) -> bool:
        drawer = self._window.training
        return drawer is not None and drawer.run.phase.name in phases
