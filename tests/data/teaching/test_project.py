"""A project of classes in one file: saved, opened elsewhere, and refused where it is hostile."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.own_samples import file_of
from lenet_desktop.data.teaching import project
from lenet_desktop.data.teaching.class_sets import class_sets, to_bytes
from lenet_desktop.data.teaching.project import open_project, save_project
from lenet_desktop.models import library, model_file
from own_drawings import stroke_file

CLASSES = ("heart ♥", "bolt", "arrow", *"abcdefg")


@pytest.fixture
def saved(home: Path, tmp_path: Path) -> Path:
    """A project with six drawings and a model, and nothing of it in the home."""
    lines = stroke_file(tmp_path / "lines", 2).read_bytes().split(b"\n")
    own_samples.extend(file_of(CLASSES), [own_samples.sample_of(line, "") for line in lines])
    model = model_file.load(paths.factory_model())
    library.keep(replace(model, card=replace(model.card, classes=CLASSES)), "shapes")
    save_project(tmp_path / "shapes.zip", CLASSES)
    for folder in (paths.samples_folder(), paths.models_folder()):
        folder.rename(folder.with_name(f"{folder.name} of another"))
    assert class_sets() == []
    return tmp_path / "shapes.zip"


def nothing_was_added() -> bool:
    return not class_sets() and not library.kept_models() and not file_of(CLASSES).exists()


def test_it_is_opened_elsewhere_and_once_only(saved: Path) -> None:
    for _ in range(2):
        assert open_project(saved) == CLASSES
        assert class_sets() == [CLASSES]
        assert len(own_samples.read(file_of(CLASSES)).samples) == 6
        (kept,) = library.kept_models()
        assert (kept.card.title, kept.card.classes) == ("shapes", CLASSES)


def test_a_project_needs_neither_drawings_nor_a_model(home: Path, tmp_path: Path) -> None:
    save_project(tmp_path / "names.zip", ("a", "b"))
    assert open_project(tmp_path / "names.zip") == ("a", "b")
    assert class_sets() == [("a", "b")]


def archive(path: Path, **parts: bytes) -> Path:
    """Write an archive of the parts: classes, drawings and model."""
    names = {
        "classes": "classes.json",
        "drawings": "drawings.jsonl",
        "model": "model.safetensors",
        "other": "../../evil.py",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(names[name], content)
    return path


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({}, "no set"),
        ({"classes": b"[" * 100_000}, "no set"),
        ({"classes": b'{"classes": [1, 2]}'}, "no set"),
        ({"classes": b'{"classes": []}'}, "no set"),
        ({"classes": '{"classes": ["a\u202eb", "c"]}'.encode()}, "cannot be shown"),
        ({"classes": b'{"classes": ["a", "a"]}'}, "already"),
        ({"classes": to_bytes(CLASSES), "model": b"\x80\x04K\x01."}, "model in"),
        (
            {"classes": to_bytes(CLASSES), "model": paths.factory_model().read_bytes()},
            "reads other classes",
        ),
    ],
)
def test_a_hostile_project_is_refused_and_nothing_added(
    home: Path, tmp_path: Path, parts: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(DatasetError, match=reason):
        open_project(archive(tmp_path / "p.zip", **parts))
    assert nothing_was_added()


def test_what_is_no_archive_or_damaged_is_refused(saved: Path, tmp_path: Path) -> None:
    content = saved.read_bytes()
    for bad in (
        b"",
        b"no archive",
        content[: len(content) // 2],
        content.replace(b"\x00", b"\x01"),
    ):
        (tmp_path / "bad.zip").write_bytes(bad)
        with pytest.raises(DatasetError, match=r"no project of classes|no set|cannot"):
            open_project(tmp_path / "bad.zip")
    with pytest.raises(DatasetError, match="cannot be read"):
        open_project(tmp_path / "missing.zip")
    assert nothing_was_added()


def test_a_zip_bomb_is_refused(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(project._LIMITS, "drawings.jsonl", 1_000_000)
    path = archive(tmp_path / "p.zip", classes=to_bytes(CLASSES), drawings=bytes(50_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(DatasetError, match="too large"):
        open_project(path)
    assert nothing_was_added()


def test_other_parts_are_ignored(home: Path, tmp_path: Path) -> None:
    open_project(archive(tmp_path / "p.zip", classes=to_bytes(("a", "b")), other=b"evil"))
    assert class_sets() == [("a", "b")]
    assert not list(tmp_path.parent.rglob("evil.py"))
