"""Imports run one way, only the window loads Qt, and the window opens before torch is loaded.

The directions are checked in the source, import by import, also inside functions and for types. The
modules that an import loads are checked in a fresh interpreter, because this one has already loaded
everything.
"""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import lenet_desktop

ROOT = Path(lenet_desktop.__file__).parent

# A package may import those in the rows below its own, and every module at the top of
# ``lenet_desktop``, but none beside it. These modules may import each other, but no package.
ROWS = (
    ("__main__",),
    ("cli",),
    ("ui",),
    ("training", "export"),
    ("evaluation",),
    ("inference", "data"),
    ("drawing", "models", "lessons"),
)
LOWEST = len(ROWS)
# Exceptions to the rule: (the module that imports, the module that is imported).
EXCEPTIONS: frozenset[tuple[str, str]] = frozenset()

QT = {"PySide6", "shiboken6", "pyqtgraph"}
TORCH = {"torch", "torchvision", "safetensors"}


@dataclass(frozen=True)
class Import:
    """An import statement.

    Attributes:
        where: the file and line.
        importer: the module it is in.
        imported: the module, or a name in it, that is imported.
        in_function: whether it only runs when a function is called.
    """

    where: str
    importer: str
    imported: str
    in_function: bool


def imports_in(source: str, importer: str, file: str = "") -> Iterator[Import]:
    """Find every import statement in a module, and every call that imports by name."""
    tree = ast.parse(source)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # The dots of a relative import are kept: no rule below accepts them.
            module = "." * node.level + (node.module or "")
            names = [f"{module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Name | ast.Attribute) and _name(node) in (
            "import_module",
            "__import__",
        ):
            names = [".by name"]
        else:
            continue
        for name in names:
            yield Import(f"{file}:{node.lineno}", importer, name, id(node) in inside)


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def modules(*packages: str) -> list[str]:
    """Return all modules of these packages, at any depth."""
    return [name for name in SOURCES if name.split(".")[1:2] and name.split(".")[1] in packages]


def _module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {_module_name(path): path for path in sorted(ROOT.rglob("*.py"))}
PACKAGES = {path.relative_to(ROOT).parts[0] for path in SOURCES.values() if path.parent != ROOT}
IMPORTS = [
    one
    for name, path in SOURCES.items()
    for one in imports_in(path.read_text(encoding="utf-8"), name, str(path.relative_to(ROOT)))
]


def row_of(module: str) -> int:
    """Return the row of the package that a module is in, or the lowest one."""
    part = [*module.split("."), ""][1]
    return next((number for number, row in enumerate(ROWS) if part in row), LOWEST)


def may_import(one: Import) -> bool:
    """Return whether an import goes down, or stays in its package."""
    if one.imported.startswith("."):
        return False
    if one.imported.split(".")[0] != "lenet_desktop" or (
        (one.importer, one.imported) in EXCEPTIONS
    ):
        return True
    above, below = row_of(one.importer), row_of(one.imported)
    same_package = one.importer.split(".")[1:2] == one.imported.split(".")[1:2]
    return above < below or same_package or above == below == LOWEST


def loads_qt_outside_ui(one: Import) -> bool:
    """Return whether an import brings Qt into a module outside ui, or ui into importing cli."""
    if row_of(one.importer) == row_of("lenet_desktop.ui"):
        return False
    is_ui = one.imported.startswith("lenet_desktop.ui")
    return one.imported.split(".")[0] in QT or (is_ui and not one.in_function)


def loads_torch_in_drawing(one: Import) -> bool:
    """Return whether an import brings torch into ``drawing``."""
    in_drawing = one.importer.startswith("lenet_desktop.drawing")
    return in_drawing and one.imported.split(".")[0] in TORCH


# The source


def test_every_package_is_found_and_has_a_row() -> None:
    assert "lenet_desktop.data.synthetic.pen_digits" in modules("data")
    assert "lenet_desktop.ui.pad.canvas" in modules("ui")
    assert len(IMPORTS) > len(SOURCES) > 60
    assert {name for row in ROWS for name in row} >= PACKAGES >= {"cli", "ui", "data", "models"}


def test_no_package_imports_one_above_or_beside_it() -> None:
    wrong = [f"{one.where} imports {one.imported}" for one in IMPORTS if not may_import(one)]
    assert wrong == []


def test_every_exception_is_needed() -> None:
    assert {(one.importer, one.imported) for one in IMPORTS} >= EXCEPTIONS


def test_only_ui_imports_qt_and_commands_import_ui_in_functions() -> None:
    assert [one.where for one in IMPORTS if loads_qt_outside_ui(one)] == []


def test_drawing_imports_no_torch() -> None:
    assert [one.where for one in IMPORTS if loads_torch_in_drawing(one)] == []


@pytest.mark.parametrize(
    ("rule", "importer", "source"),
    [
        (may_import, "data.catalog", "from lenet_desktop.training.loop import train"),
        (may_import, "data.catalog", "def f():\n    import lenet_desktop.evaluation.metrics"),
        (may_import, "inference.recognizer", "from lenet_desktop.data import catalog"),
        (may_import, "models.lenet", "if TYPE_CHECKING:\n    from lenet_desktop import drawing"),
        (may_import, "ui.app", "from lenet_desktop.cli.main import run"),
        (may_import, "paths", "from lenet_desktop.models.library import keep"),
        (may_import, "models.lenet", "from ..data import catalog"),
        (may_import, "models.lenet", "import importlib\nimportlib.import_module('x')"),
        (loads_qt_outside_ui, "cli.main", "from lenet_desktop.ui import app"),
        (loads_qt_outside_ui, "cli.main", "def f():\n    from PySide6.QtCore import QObject"),
        (loads_qt_outside_ui, "training.job", "import pyqtgraph"),
        (loads_torch_in_drawing, "drawing.raster", "def f():\n    import torch.nn"),
    ],
)
def test_the_rules_find_a_wrong_import(rule, importer: str, source: str) -> None:
    found = [rule(one) for one in imports_in(source, f"lenet_desktop.{importer}")]
    assert found[-1] is (rule is not may_import)


# What no other test runs

SCRIPTS = sorted(
    path
    for folder in ("tests/benchmarks", "tests/packaging", "resources/packaging")
    for path in (ROOT.parent / folder).glob("*.py")
)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_imports_from_the_package_is_there(script: Path) -> None:
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lenet_desktop"):
            module = importlib.import_module(str(node.module))
            for name in (alias.name for alias in node.names):
                is_module = f"{node.module}.{name}" in SOURCES
                assert is_module or hasattr(module, name), f"{script}:{node.lineno}: {name}"


# Fresh interpreters


def loaded_by(names: list[str]) -> set[str]:
    """Return all modules that a fresh interpreter has loaded after importing these."""
    code = f"import sys, importlib\nfor n in {names!r}: importlib.import_module(n)\n"
    code += "print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("names", "needed", "forbidden"),
    [
        pytest.param(
            [name for name in SOURCES if row_of(name) != row_of("lenet_desktop.ui")],
            {"torch", "lenet_desktop.cli.main", "lenet_desktop.training.loop"},
            QT,
            id="nothing outside ui loads Qt",
        ),
        pytest.param(
            modules("ui"),
            {"PySide6", "lenet_desktop.ui.pad.canvas"},
            TORCH - {"safetensors"} | {"safetensors.torch"},
            id="ui loads no torch",
        ),
        pytest.param(
            modules("drawing"),
            {"numpy", "lenet_desktop.drawing.strokes"},
            QT | TORCH,
            id="drawing loads neither torch nor Qt",
        ),
        pytest.param(
            ["lenet_desktop.cli.main", "lenet_desktop.__main__"],
            {"lenet_desktop.cli.main"},
            {*QT, *TORCH, "numpy", "PIL"},
            id="the command line loads nothing heavy",
        ),
        pytest.param(
            ["lenet_desktop.ui.app"],
            {"PySide6.QtWidgets"},
            {*TORCH, "pyqtgraph", "PIL"},
            id="the window loads only what it shows",
        ),
    ],
)
def test_what_an_import_loads(names: list[str], needed: set[str], forbidden: set[str]) -> None:
    loaded = loaded_by(names)
    assert needed <= loaded
    assert not loaded & forbidden
