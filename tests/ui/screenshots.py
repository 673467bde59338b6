"""Pictures of every state of the window, at every size, in both themes and at three scales.

python tests/ui/screenshots.py FOLDER [--only STATE ...] [--mnist DIR]

The states follow each other as in a visit: an empty pad, answers, messages, a training before,
during and after, the user's models, help. The pictures are to be looked at: nothing is compared.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import DEFAULT_BRUSH, Points
from lenet_desktop.inference.inside.unit import Unit
from lenet_desktop.ui.app import make_app, make_window
from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind
from lenet_desktop.ui.self_test import close_and_delete, play_strokes, wait_until
from lenet_desktop.ui.style.theme import set_theme
from lenet_desktop.ui.training.fold import Fold
from lenet_desktop.ui.window.main_window import MainWindow

# Width and height of the window, and the scale: the pictures are larger by the scale.
SIZES = (
    (900, 600, 1.0),
    (1280, 760, 1.0),
    (1920, 1080, 1.0),
    (1067, 667, 1.5),
    (900, 600, 2.0),
    (1280, 760, 2.0),
)
THEMES = ("light", "dark")
_SCRIBBLE = [
    np.array([(150 + 50 * i, 200 + 350 * (i % 2)) for i in range(11)], np.float32),
    np.array([(150, 400), (650, 300), (200, 600), (600, 650)], np.float32),
]
_UNSURE = [np.array([(280, 259), (410, 116), (572, 223), (357, 457), (425, 663)], np.float32)]
_MESSAGES = {
    MessageKind.ERROR: "The model file letters.safetensors cannot be used: it is damaged.",
    MessageKind.HINT: "Opening scan-of-a-page.jpg …",
    MessageKind.SUCCESS: "Saved digit 3.png",
}
_LOADING_SECONDS, _TRAINING_SECONDS, _ANSWER_SECONDS = 60.0, 300.0, 10.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], metavar="STATE")
    parser.add_argument("--mnist", type=Path, metavar="DIR", help="a folder that holds MNIST")
    parser.add_argument("--scale", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.scale is not None:
        return _visit(options)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    failed = False
    for scale in sorted({scale for _, _, scale in SIZES}):
        # The scale of a Qt program is fixed when it starts.
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run(
                [sys.executable, __file__, *sys.argv[1:], "--scale", str(scale)],
                env={
                    **os.environ,
                    "QT_SCALE_FACTOR": str(scale),
                    "LENET_DESKTOP_HOME": home,
                },
                check=False,
            )
        failed = failed or done.returncode != 0
    print(f"{len(list(options.folder.glob('*.png')))} pictures in {options.folder}")
    return 1 if failed else 0


def _visit(options: argparse.Namespace) -> int:
    """Go through all states at one scale, and take the pictures of each."""
    app = make_app()
    window = make_window(theme="light")
    sizes = [(w, h) for w, h, scale in SIZES if scale == options.scale]

    def take(name: str, shown: QWidget) -> None:
        for width, height in sizes:
            # The screen of Qt's platform 'offscreen' is smaller than most of these windows.
            window.setMinimumSize(1, 1)
            window.resize(width, height)
            for theme in THEMES:
                set_theme(app, theme)
                wait_until(lambda: False, 0.06)
                file = f"{name}-{width}x{height}-{options.scale:g}x-{theme}.png"
                if not shown.grab().save(str(options.folder / file)):
                    raise OSError(f"{file} cannot be written")

    try:
        window.show()
        wait_until(window.windowHandle().isExposed, _ANSWER_SECONDS)
        for name, shown in _states(window, options.mnist):
            if not options.only or name in options.only:
                take(name, shown)
    finally:
        close_and_delete(window)
    return 0


def _states(window: MainWindow, mnist: Path | None) -> Iterator[tuple[str, QWidget]]:
    """Bring the window into each state; yield the state's name and the widget to look at."""

    def draw(strokes: Sequence[Points]) -> None:
        window.canvas.clear()
        play_strokes(window.canvas, strokes)
        wait_until(window.is_answered, _ANSWER_SECONDS)

    def settle(seconds: float = 0.1) -> None:
        wait_until(lambda: False, seconds)

    yield "loading", window
    window.start()
    wait_until(lambda: not window.is_loading, _LOADING_SECONDS)
    settle(1.5)  # the demonstration is drawn
    yield "empty", window
    draw(_SCRIBBLE)
    yield "refused", window
    draw(_UNSURE)
    yield "unsure", window
    draw(_demo("3"))
    yield "digit", window
    window.canvas.set_brush(36)
    draw(_number("2026"))
    settle(0.3)
    yield "number", window
    window.canvas.set_brush(DEFAULT_BRUSH)
    draw(_demo("3"))
    for kind in MessageKind:
        window.show_message(_MESSAGES[kind], kind)
        yield f"message-{kind}", window
    window.pill.hide()
    window.actions_.erase.trigger()
    window.actions_.network.trigger()
    yield "eraser-strip-switched", window
    window.actions_.pen.trigger()
    window.actions_.network.trigger()
    window.session.settings.remove("strip")

    yield from _practice(window, settle)
    yield from _inside(window, draw, settle)

    window.open_training()
    drawer = window.training
    assert drawer is not None
    settle(0.5)
    yield "before-without-mnist", window
    (advanced,) = drawer.before.findChildren(Fold)
    advanced.button.click()
    settle()
    yield "before-advanced", window
    advanced.button.click()
    if mnist is not None:
        drawer.before.options.use_folder(mnist)
        drawer.before.look_again()
        yield "before-with-mnist", window
        drawer.before.options.epochs.setValue(2)
    drawer.before.train()
    settle(0.05)
    yield "during-loading", window
    wait_until(lambda: drawer.during.plot.steps > 15, _TRAINING_SECONDS)
    yield "during", window
    drawer.during.pause_button.click()
    settle(0.3)
    yield "during-paused", window
    drawer.during.film.slider.setValue(drawer.during.film.slider.maximum() // 2)
    settle(0.5)
    yield "during-earlier-moment", window
    drawer.during.film.follow()
    drawer.during.pause_button.click()
    wait_until(lambda: not drawer.is_training, _TRAINING_SECONDS)
    settle(0.3)
    yield "after", window
    drawer.after.curves.fold.button.click()
    settle(0.5)
    yield "after-film", window
    drawer.after.curves.fold.button.click()
    drawer.after.try_button.click()
    wait_until(lambda: bool(window.session.challenger), _ANSWER_SECONDS)
    settle(0.3)
    yield "after-trial", window
    window.reading.swap(True)
    settle()
    yield "after-trial-swapped", window
    window.reading.swap(False)
    (mistakes,) = drawer.after.findChildren(QListWidget)
    if mistakes.count():
        mistakes.itemActivated.emit(mistakes.item(0))
    settle()
    yield "after-mistake", window
    window.over_paper.back()
    drawer.after.name.setText("My MNIST")
    drawer.after.keep(use=False)
    window.side.open_drawer(False)

    window.lesson_menu.aboutToShow.emit()
    for number, action in enumerate(window.lesson_menu.actions(), 1):
        action.trigger()
        settle(0.3)
        yield f"lesson-{number}", window
        window.lesson_menu.close_lesson()

    window.actions_.commands.trigger()
    settle(0.2)
    yield "palette", window
    window.palette_.close()
    for name, action in (
        ("shortcuts", window.actions_.shortcuts),
        ("guide", window.actions_.guide),
        ("about", window.actions_.about),
    ):
        action.trigger()
        settle(0.2)
        (shown,) = [d for d in QApplication.topLevelWidgets() if d.isVisible() and d is not window]
        yield name, shown
        shown.close()
    window.model_menu.manage()
    settle(0.2)
    (shown,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, KeptModelsDialog)]
    yield "my-models", shown
    shown.close()


def _practice(window: MainWindow, settle: Callable[[float], None]) -> Iterator[tuple[str, QWidget]]:
    """Practise, and open the dialog of the samples that come of it."""
    window.actions_.samples.trigger()
    dialog = window.own_samples.dialog
    assert dialog is not None
    settle(0.5)
    yield "my-samples-none", dialog
    window.own_samples.begin_practice()
    yield "practice", window
    while window.practice.is_running:
        play_strokes(window.canvas, _demo(window.practice.strip.text[-1]))
        wait_until(window.is_answered, _ANSWER_SECONDS)
        window.practice.take()
    settle(0.5)
    yield "practice-ended", window
    window.pill.hide()
    window.actions_.samples.trigger()
    settle(0.5)
    yield "my-samples", dialog
    dialog.view.selectAll()
    dialog.delete()
    settle(0.3)
    dialog.close()
    window.model_menu.new_classes_action.trigger()
    classes = window.own_classes.dialog
    assert classes is not None
    for names in ("heart ♥, star ★, bolt ⚡", ", ".join(f"WWWWWWWWWW {n}" for n in range(40))):
        classes.name.setText(names)
        classes.add()
        settle(0.3)
        yield f"new-classes-{len(classes.classes)}", classes
    classes.close()


def _inside(
    window: MainWindow,
    draw: Callable[[Sequence[Points]], None],
    settle: Callable[[float], None],
) -> Iterator[tuple[str, QWidget]]:
    """Open the view inside the network, and close it at the end."""
    window.canvas.clear()
    window.actions_.inside.trigger()
    settle(0.5)
    yield "inside-empty", window
    draw(_demo("3"))
    settle(0.3)
    yield "inside", window
    view = window.inside
    assert view is not None
    # A neuron of the first linear layer has seen the whole digit.
    for name, unit in (
        ("sample", Unit(0, (0, 12, 14))),
        ("conv1", Unit(1, (2, 12, 14))),
        ("pool1", Unit(2, (2, 6, 7))),
        ("conv2", Unit(3, (5, 4, 4))),
        ("fc1", Unit(5, (17,))),
    ):
        view.picture.select(unit, held=True)
        settle(0.1)
        yield f"inside-{name}", window
    view.tabs.setCurrentIndex(1)
    yield "inside-filters", window
    view.picture.select(None)
    why, what_if = window.inside_network.why, window.inside_network.what_if
    assert why is not None and what_if is not None
    view.show_page(why)
    wait_until(lambda: bool(why.text), _ANSWER_SECONDS)
    settle(1.0)
    yield "inside-why", window
    view.show_page(what_if)
    what_if.set_target(8)
    what_if.change_button.click()
    wait_until(lambda: not what_if.is_busy, _ANSWER_SECONDS)
    settle(0.2)
    yield "inside-what-if", window
    view.tabs.setCurrentIndex(0)
    for number in (1, 4):
        view.picture.switch(1, number)
    settle(0.3)
    yield "inside-switched-off", window
    view.picture.switch_on_all()
    view.step_through.click()
    for _ in range(400):
        view.step_bar.step_button.click()
    settle(0.1)
    yield "inside-stepping", window
    view.step_bar.end()
    window.actions_.inside.trigger()
    settle(0.1)


def _number(text: str) -> Sequence[Points]:
    """Return demo digits side by side, in pad units; four fit on the narrowest paper."""
    strokes: list[Points] = []
    left = 40.0
    for label in text:
        points = np.concatenate(_demo(label))
        low, high = points.min(axis=0), points.max(axis=0)
        strokes += [((s - low) * 0.5 + (left, 250)).astype(np.float32) for s in _demo(label)]
        left += (high[0] - low[0]) * 0.5 + 45
    return strokes


def _demo(label: str) -> Sequence[Points]:
    records = read_strokes(paths.resource("demo-strokes.jsonl"))
    return next(record.strokes for record in records if str(record.label) == label)


if __name__ == "__main__":
    sys.exit(main())
