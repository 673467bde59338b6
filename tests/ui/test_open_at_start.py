"""What the command line opens the pad with, in a process of its own."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import DEMO, ROOT
from lenet_desktop import paths
from lenet_desktop.drawing.picture import write_picture
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import write_strokes
from lenet_desktop.drawing.strokes import place
from lenet_desktop.models import library, model_file

# Wait until the window shows an answer or a model's name; print both and close it.
_LOOK = """
import sys
from PySide6.QtCore import QTimer
from lenet_desktop.cli.main import run
from lenet_desktop.ui.app import make_app
from lenet_desktop.ui.window.main_window import MainWindow

def look():
    for window in app.topLevelWidgets():
        if isinstance(window, MainWindow) and not window.is_loading:
            if window.panel.digit or window.canvas.is_blank and not window.files.is_opening:
                timer.stop()  # closing may take longer than it
                print([window.panel.digit, window.session.model.card.name, window.message])
                window.close()

app = make_app()
timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
sys.exit(run(sys.argv[1:]))
"""


def shown_after(*arguments: object, folder: Path) -> tuple[str, str]:
    """Return what the window shows, as digit, model and message, and what is said on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", _LOOK, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=folder,
    )
    assert done.returncode == 0
    return done.stdout.strip(), done.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a picture of a 4, the strokes of a 7, and a model of letters."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    write_picture(rasterize(place(DEMO["4"])), tmp_path / "train")
    write_strokes(tmp_path / "seven.jsonl", [place(DEMO["7"])])
    factory = model_file.load(paths.factory_model())
    card = replace(factory.card, classes=tuple("abcdefghij"), name="letters")
    model_file.save(replace(factory, card=card), tmp_path / "letters.safetensors")
    library.keep(replace(factory, card=card), "My letters")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["./train"], "['4', 'LeNet-5', '']"),
        (["seven.jsonl"], "['7', 'LeNet-5', '']"),
        (["letters.safetensors"], "['', 'letters', '']"),
        (["--model", "my letters", "seven.jsonl"], "['h', 'My letters', '']"),
    ],
    ids=["a picture named like a command", "a stroke file", "a model", "a kept model and a file"],
)
def test_the_pad_opens_with_a_file(folder: Path, arguments: list[str], shown: str) -> None:
    assert shown_after(*arguments, folder=folder) == (shown, "")
    settings = paths.settings_file()
    assert not settings.exists() or "letters" not in settings.read_text()


def test_of_several_files_the_first_is_opened(folder: Path) -> None:
    shown, said = shown_after("seven.jsonl", "letters.safetensors", folder=folder)
    assert shown == "['7', 'LeNet-5', '']"
    assert said == "lenet-desktop: Only seven.jsonl is opened: the pad shows one drawing.\n"
