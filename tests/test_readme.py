"""The README's statements about the code: its files exist, its dependencies are complete."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

import lenet_desktop
from lenet_desktop.cli.arguments import parse

PACKAGE = Path(lenet_desktop.__file__).parent
ROOT = PACKAGE.parent
README = ROOT / "README.md"
if not README.exists():
    pytest.skip("needs the repository around the package", allow_module_level=True)
TEXT = README.read_text(encoding="utf-8")


def test_every_file_that_it_names_exists() -> None:
    # Those that a command is to write do not exist yet.
    text = re.sub(r"--output \S+", "", TEXT)
    names = set(re.findall(r"[\w./-]+\.(?:py|yml|md|png)\b", text))
    assert {"ui/pad/canvas.py", "tests/benchmarks/startup.py", "weights/README.md"} <= names
    places = (ROOT, PACKAGE, ROOT / "resources" / "packaging")
    assert not {name for name in names if not any((place / name).is_file() for place in places)}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=]", each)[0] for each in project["dependencies"]}
    table = TEXT.split("The dependencies, and the reason for each:")[1].split("\n\n")[1]
    assert {line.split("|")[1].strip() for line in table.splitlines()[2:]} == needed


def test_every_command_that_it_shows_is_understood() -> None:
    block = TEXT.split("## The command line")[1].split("```")[1]
    commands = [
        shlex.split(line.split(" < ")[0], comments=True) for line in block.splitlines()[1:] if line
    ]
    assert len(commands) >= 8
    for program, *arguments in commands:
        assert program == "lenet-desktop"
        parse(arguments)
