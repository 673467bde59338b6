"""Imports run one way: core knows no Qt, and the window opens before torch is there.

Each is tried in a fresh interpreter: this one has long loaded everything.
"""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import lenet_desktop

QT = ("PySide6", "shiboken6", "pyqtgraph")
TORCH = ("torch", "torchvision", "safetensors.torch")


def modules(folder: str) -> list[str]:
    path = Path(lenet_desktop.__file__).parent / folder
    return [f"lenet_desktop.{folder}.{m.name}" for m in pkgutil.iter_modules([str(path)])]


def loaded_by(names: list[str]) -> set[str]:
    """Give all that is loaded in a fresh interpreter once these modules are imported."""
    code = f"import sys, importlib\nfor n in {names!r}: importlib.import_module(n)\n"
    code += "print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_there_is_something_to_try() -> None:
    assert {"lenet_desktop.core.ink", "lenet_desktop.core.training"} <= set(modules("core"))
    assert {"lenet_desktop.ui.canvas", "lenet_desktop.ui.app"} <= set(modules("ui"))


@pytest.mark.parametrize(
    ("names", "needed", "forbidden"),
    [
        pytest.param(modules("core"), {"torch"}, QT, id="core knows no Qt"),
        pytest.param(modules("ui"), {"PySide6"}, TORCH, id="ui loads no torch"),
        pytest.param(
            ["lenet_desktop.cli", "lenet_desktop.__main__"],
            {"lenet_desktop.cli"},
            (*QT, *TORCH, "numpy", "PIL"),
            id="the command line loads nothing heavy",
        ),
        pytest.param(
            ["lenet_desktop.ui.app"],
            {"PySide6.QtWidgets"},
            (*TORCH, "pyqtgraph", "PIL"),
            id="the window loads only what it shows",
        ),
    ],
)
def test_what_an_import_loads(
    names: list[str], needed: set[str], forbidden: tuple[str, ...]
) -> None:
    loaded = loaded_by(names)
    assert needed <= loaded
    assert not loaded & set(forbidden)
