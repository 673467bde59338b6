"""Open the pad, as the program does without a command."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lenet_desktop.cli.arguments import unknown_word
from lenet_desktop.cli.output import note
from lenet_desktop.errors import UserError

_MODEL_SUFFIX = ".safetensors"


def run(options: argparse.Namespace) -> int:
    """Open the window and return the exit code when it is closed.

    Raises:
        UserError: there is no such file or kept model, or no window can be shown here.
    """
    file, model = _file(options.files), _model(options.model)
    if file is not None and file.suffix.lower() == _MODEL_SUFFIX:
        if model is not None:
            raise UserError(f"Two models are given, {model} and {file}: leave one out.")
        file, model = None, file
    prepare_for_window()
    from lenet_desktop.ui import app

    return app.run(model, options.device, file)


def _file(names: Sequence[str]) -> Path | None:
    """Return the file to open.

    Raises:
        UserError: there is no such file.
    """
    if not names:
        return None
    file = Path(names[0])
    if file.is_dir():
        raise UserError(f"{file} is a folder: name a picture, a stroke file or a model file.")
    if not file.exists():
        raise unknown_word(names[0])
    if len(names) > 1:
        note(f"Only {file} is opened: the pad shows one drawing.")
    return file


def _model(name: str | None) -> Path | None:
    """Return the model's file, or None for the one that was used last.

    A file that cannot be read is reported in the window.

    Raises:
        UserError: there is no such file or kept model.
    """
    if name is None:
        return None
    path = Path(name)
    if path.suffix.lower() == _MODEL_SUFFIX or path.is_file():
        return path
    # Looking into the kept models loads torch, a second before the window opens.
    from lenet_desktop.models import library

    return library.find(name)


def prepare_for_window() -> None:
    """Check that a window can be shown; call this before Qt is imported.

    Raises:
        DisplayError: no window can be shown here.
    """
    if sys.platform == "win32":
        # On Windows torch's libraries are not found once Qt's are loaded (pytorch #169429).
        import torch  # noqa: F401
    from lenet_desktop.ui.display import check_display

    check_display()
