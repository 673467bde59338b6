"""Open the pad, as the program does without a command."""

import argparse
import sys


def run(options: argparse.Namespace) -> int:
    """Open the window and return the exit code when it is closed.

    Raises:
        DisplayError: no window can be shown here.
    """
    prepare_for_window()
    from lenet_desktop.ui import app

    return app.run(options.model, options.device)


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
