"""The command 'self-test': test the program in its real window."""

import argparse

from lenet_desktop.cli.commands.pad import prepare_for_window


def run(options: argparse.Namespace) -> int:
    """Run the self-test and return 0 if it passed, else 1.

    Raises:
        DisplayError: no window can be shown here.
    """
    prepare_for_window()
    from lenet_desktop.ui.self_test import self_test

    return self_test(options.screenshot, options.theme)
