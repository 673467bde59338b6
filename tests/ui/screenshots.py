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
from pathlib import Path

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
    from PySide6.QtWidgets import QApplication, QWidget

    from lenet_desktop.ui.app import make_app, make_window
    from lenet_desktop.ui.self_test import close_and_delete, wait_until
    from lenet_desktop.ui.theme import set_theme

    app = make_app()
    window = make_window(theme="light")
    sizes = [(w, h) for w, h, scale in SIZES if scale == options.scale]

    def take(name: str, shown: QWidget) -> None:
        for width, height in sizes:
            window.resize(width, height)
            for theme in THEMES:
                set_theme(app, theme)
                wait_until(lambda: False, 0.05)
                file = f"{name}-{width}x{height}-{options.scale:g}x-{theme}.png"
                if not shown.grab().save(str(options.folder / file)):
                    raise OSError(f"{file} cannot be written")

    try:
        window.resize(*sizes[0])
        window.show()
        wait_until(lambda: window.windowHandle().isExposed(), _ANSWER_SECONDS)
        for name, shown in _states(window, options.mnist):
            if not options.only or name in options.only:
                take(name, shown)
        QApplication.processEvents()
    finally:
        if window.training is not None:
            window.training.shut_down()
        close_and_delete(window)
    return 0


def _states(window: "MainWindow", mnist: Path | None) -> Iterator[tuple[str, "QWidget"]]:
    """Bring the window into each state; yield the state's name and the widget to look at."""
    from lenet_desktop.ui.pad.message_pill import MessageKind
    from lenet_desktop.ui.self_test import play_strokes, wait_until

    def draw(label: str) -> None:
        window.canvas.clear()
        play_strokes(window.canvas, _DRAWINGS[label]() if label in _DRAWINGS else _demo(label))
        wait_until(window.is_answered, _ANSWER_SECONDS)

    yield "loading", window
    window.start()
    wait_until(lambda: not window.is_loading, _LOADING_SECONDS)
    yield "empty", window
    for label in ("3", "scribble", "unsure"):
        draw(label)
        yield label, window
    draw("7")
    window.actions_.erase.trigger()
    yield "eraser", window
    window.actions_.pen.trigger()
    for kind in MessageKind:
        window.show_message(_MESSAGES[kind], kind)
        yield f"message-{kind}", window
    window.pill.hide()
    window.actions_.network.trigger()
    yield "strip-switched", window
    window.actions_.network.trigger()

    window.open_training()
    drawer = window.training
    assert drawer is not None
    if mnist is None:
        yield "training-without-mnist", window
    else:
        drawer.before.options.use_folder(mnist)
        yield "training-with-mnist", window


def _demo(label: str) -> "Sequence[Points]":
    from lenet_desktop import paths
    from lenet_desktop.drawing.stroke_file import read_strokes

    records = read_strokes(paths.resource("demo-strokes.jsonl"))
    return next(record.strokes for record in records if str(record.label) == label)
