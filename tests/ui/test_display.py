"""If no window can be shown: one sentence with the cause and a remedy, and no abort."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import lenet_desktop

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere there is always a display"
)
ROOT = Path(lenet_desktop.__file__).parents[1]
SET = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in SET}
    return subprocess.run(
        [sys.executable, "-m", "lenet_desktop", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env={**environment, **variables},
    )


@pytest.mark.parametrize("arguments", [(), ("self-test",)], ids=["pad", "self-test"])
@pytest.mark.parametrize(
    ("variables", "cause"),
    [
        pytest.param({}, "There is no display", id="no display"),
        pytest.param({"DISPLAY": ""}, "There is no display", id="an empty display"),
        pytest.param({"DISPLAY": ":987"}, "':987' does not answer", id="a dead display"),
        pytest.param({"DISPLAY": "nonsense"}, "does not answer", id="no name of a display"),
        pytest.param(
            {"DISPLAY": ":987", "QT_QPA_PLATFORM": "xcb"}, "does not answer", id="xcb wanted"
        ),
        pytest.param({"QT_QPA_PLATFORM": "nonsense"}, "'nonsense'", id="an unknown platform"),
        pytest.param(
            {"QT_QPA_PLATFORM": "wayland", "DISPLAY": os.environ.get("DISPLAY", ":987")},
            "",
            id="wayland wanted where there is none",
        ),
        pytest.param(
            {"WAYLAND_DISPLAY": "wayland-987"}, "There is no display", id="a dead wayland socket"
        ),
    ],
)
def test_without_a_display_there_is_one_sentence_and_exit_code_2(
    arguments: tuple[str, ...], variables: dict[str, str], cause: str
) -> None:
    done = start(*arguments, **variables)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert cause in done.stderr
    assert "QT_QPA_PLATFORM=offscreen" in done.stderr
    assert "lenet-desktop recognize FILE" in done.stderr


@pytest.mark.parametrize("library", ["libEGL.so.1", "libxcb-cursor.so.0"])
def test_a_missing_library_is_named_with_what_to_install(tmp_path: Path, library: str) -> None:
    # A file with the library's name that is not a library is found before the real one.
    (tmp_path / library).write_bytes(b"")
    done = start(LD_LIBRARY_PATH=str(tmp_path), DISPLAY=os.environ.get("DISPLAY", ":0"))
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert library in done.stderr
    assert "sudo apt install" in done.stderr


def test_the_other_commands_need_no_display() -> None:
    done = start("recognize", "resources/demo-strokes.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 10
