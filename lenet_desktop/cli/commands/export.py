"""The command 'export': write a model as an ONNX file or as a web page."""

import argparse

from lenet_desktop.export.formats import Format, export
from lenet_desktop.models import library
from lenet_desktop.printable import printable


def run(options: argparse.Namespace) -> int:
    """Write the file and print its name and size.

    Raises:
        UserError: see ``export``.
    """
    to = None if options.to is None else Format(options.to)
    export(library.find(options.source), options.target, to)
    name = printable(str(options.target), 4096)
    print(f"{name}: {options.target.stat().st_size / 1000:,.0f} KB")
    return 0
