"""Imports run one way: core knows no Qt, and the window opens before torch is there.

Each is tried in a fresh interpreter: this one has long loaded everything.
"""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import lenet_desktop

WITHOUT_QT = ("drawing", "models", "data", "inference", "evaluation", "training", "cli")
QT = ("PySide6", "shiboken6", "pyqtgraph")
TORCH = ("torch", "torchvision", "safetensors.torch")


def modules(*packages: str) -> list[str]:
    """Give every module of some packages, at any depth."""
    found = []
    for package in packages:
        name = f"lenet_desktop.{package}"
        path = Path(lenet_desktop.__file__).parent / package
        found += [name, *(m.name for m in pkgutil.walk_packages([str(path)], f"{name}."))]
    return found


def loaded_by(names: list[str]) -> set[str]:
    """Give all that is loaded in a fresh interpreter once these modules are imported."""
    code = f"import sys, importlib\nfor n in {names!r}: importlib.import_module(n)\n"
    code += "print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_there_is_something_to_try() -> None:
    assert "lenet_desktop.data.synthetic.pen_digits" in modules("data")
    assert "lenet_desktop.ui.pad.canvas" in modules("ui")


@pytest.mark.parametrize(
    ("names", "needed", "forbidden"),
    [
        pytest.param(modules(*WITHOUT_QT), {"torch"}, QT, id="only ui knows Qt"),
        pytest.param(modules("ui"), {"PySide6"}, TORCH, id="ui loads no torch"),
        pytest.param(
            ["lenet_desktop.cli.main", "lenet_desktop.__main__"],
            {"lenet_desktop.cli.main"},
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
