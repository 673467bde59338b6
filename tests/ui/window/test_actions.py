"""Which actions can be chosen."""

from collections.abc import Callable

from hands import DEMO
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow


def test_clear_can_be_chosen_only_where_there_is_ink(
    open_window: Callable[..., MainWindow],
) -> None:
    window = open_window(start=False)
    clear = window.actions_.clear
    assert not clear.isEnabled()
    play_strokes(window.canvas, DEMO["1"])
    assert clear.isEnabled()
    clear.trigger()
    assert not clear.isEnabled()
    window.canvas.undo()
    assert clear.isEnabled()
