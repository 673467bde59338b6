"""Sets of classes that a person has named: their names, and their files."""

from pathlib import Path

import pytest

from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.own_samples import OwnSample, file_of
from lenet_desktop.data.teaching.class_sets import change, checked_name, class_sets, with_names
from lenet_desktop.models.model_card import DIGITS
from own_drawings import stroke_file

CLASSES = ("heart ♥", "bolt", "arrow")


@pytest.mark.parametrize("name", ["word", "ö", "❤️", "👨‍👩‍👧", "two words", "ش", "x" * 20])
def test_words_letters_and_emoji_are_names(name: str) -> None:
    assert checked_name(f"  {name} ", ["other"]) == name


@pytest.mark.parametrize(
    ("name", "other"),
    [("❤", "❤️"), ("é", "e\u0301"), ("Ａ", "A"), ("a b", "a  b")],
)
def test_names_that_look_the_same_are_refused(name: str, other: str) -> None:
    with pytest.raises(DatasetError, match="already"):
        with_names((), f"{name}, {other}")


@pytest.mark.parametrize("name", ["", "  ", "x" * 21, "a\u202eb", "a\x1b[31m", "\ud800"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(DatasetError):
        checked_name(name, [])


def test_letters_of_both_cases_are_two_classes() -> None:
    assert with_names(("a",), "A, b\nB") == ("a", "A", "b", "B")


def test_at_most_fifty() -> None:
    fifty = with_names((), ",".join(map(str, range(50))))
    assert len(fifty) == 50
    with pytest.raises(DatasetError, match="At most 50"):
        with_names(fifty, "more")


def samples(tmp_path: Path) -> list[OwnSample]:
    lines = stroke_file(tmp_path / "lines", 2).read_bytes().split(b"\n")
    return [own_samples.sample_of(line, "") for line in lines]


def labels(classes: tuple[str, ...]) -> list[str]:
    return [each.label for each in own_samples.read(file_of(classes)).samples]


def test_drawings_follow_a_set_that_changes(home: Path, tmp_path: Path) -> None:
    change((), CLASSES)
    own_samples.extend(file_of(CLASSES), samples(tmp_path))
    change(CLASSES, ("love", "bolt", "new"), {"heart ♥": "love"})
    assert class_sets() == [("love", "bolt", "new")]
    assert labels(("love", "bolt", "new")) == ["love", "bolt"] * 2
    assert labels(CLASSES) == [*CLASSES] * 2, "a model may have been trained on them"
    change(("love", "bolt", "new"), ())
    assert class_sets() == []


def test_a_set_of_the_digits_shares_the_samples_of_digits(home: Path) -> None:
    change((), DIGITS)
    assert class_sets() == [DIGITS]
    assert file_of(DIGITS).name == "digits.jsonl"


def test_damaged_and_foreign_files_are_left_out(home: Path) -> None:
    change((), ("a", "b"))
    folder = paths.samples_folder()
    for number, content in enumerate(
        (b"", b"{", b"[]", b'{"classes": 3}', b'{"classes": ["a", "b"]}', b"[" * 99_999)
    ):
        (folder / f"classes-{number}.json").write_bytes(content)
    assert class_sets() == [("a", "b")]
