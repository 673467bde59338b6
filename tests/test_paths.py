"""Bundled files are found in every kind of installation, the user's files in their folders."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lenet_desktop import paths

PACKAGE = Path(paths.__file__).parent


def test_bundled_files_are_there() -> None:
    names = ["icon.png", "icon.svg", "starter-digits.npz", "demo-strokes.jsonl"]
    for path in (paths.factory_model(), *map(paths.resource, names)):
        assert path.is_file()
        assert path.stat().st_size > 0


WHERE = """
import sys
sys.path.insert(0, {root!r})
from lenet_desktop import paths
print(paths.resource("icon.png")); print(paths.factory_model())
"""


@pytest.mark.parametrize("kind", ["checkout", "wheel", "frozen"])
def test_bundled_files_are_found_in_each_kind_of_installation(tmp_path: Path, kind: str) -> None:
    package = tmp_path / "place" / "lenet_desktop"
    package.mkdir(parents=True)
    for name in ("__init__.py", "paths.py"):
        shutil.copy(PACKAGE / name, package / name)
    bundle = {"checkout": tmp_path / "place", "wheel": package, "frozen": tmp_path / "bundle"}[kind]
    for folder in ("resources", "weights"):
        (bundle / folder).mkdir(parents=True)
    code = WHERE.format(root=str(tmp_path / "place"))
    if kind == "frozen":
        code = f"import sys; sys._MEIPASS = {str(bundle)!r}\n" + code
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines() == [
        str(bundle / "resources" / "icon.png"),
        str(bundle / "weights" / "lenet5-mnist.safetensors"),
    ]


USERS = [
    paths.settings_file,
    paths.models_folder,
    paths.lessons_folder,
    paths.cache_folder,
    paths.logs_folder,
]


def test_the_users_files_are_in_one_folder_if_that_is_set(home: Path) -> None:
    places = [place() for place in USERS]
    assert len(set(places)) == len(places)
    assert all(place.is_relative_to(home) for place in places)
    assert not home.exists(), "no folder is made"


def test_the_users_files_are_where_the_system_keeps_such_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("LENET_DESKTOP_HOME")
    for place in USERS:
        assert place().is_absolute()
        assert "lenet-desktop" in place().parts
