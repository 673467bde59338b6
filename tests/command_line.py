"""Run the command line as a user does, and check what it says."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lenet_desktop
from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes

ROOT = Path(lenet_desktop.__file__).parents[1]
DEMO = {r.label: r.strokes for r in read_strokes(paths.resource("demo-strokes.jsonl"))}
Run = Callable[..., tuple[int, str, str]]


def process(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command line in a process of its own and wait for its end."""
    return subprocess.run(
        [sys.executable, "-m", "lenet_desktop", *map(str, arguments)],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )


def assert_one_sentence(code: int, output: str, errors: str) -> None:
    """Check that a command has failed as it should: exit code 2 and one line of errors."""
    assert code == 2
    assert output == ""
    assert errors.startswith("lenet-desktop: error: ")
    assert errors.count("\n") == 1
    assert "Traceback" not in errors
