"""The person's own samples survive kills, full disks and other programs."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from filelock import FileLock

from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.own_samples import OwnSample, OwnSamplesError, file_of
from lenet_desktop.data.teaching.held_out import is_held_out
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, Stroke
from lenet_desktop.models.model_card import DIGITS

DRAWING = Drawing(
    (
        Stroke(np.array([(100, 100), (600, 120), (300, 700)], np.float32), 40.0),
        Stroke(np.array([(300, 300)], np.float32), 56.0, erases=True),
    ),
    bare_width=1200,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "samples" / "digits.jsonl"


def add(path: Path, label: str, drawing: Drawing = DRAWING) -> OwnSample:
    return own_samples.add(path, drawing, rasterize(drawing), label)


def samples(path: Path) -> tuple[OwnSample, ...]:
    return own_samples.read(path).samples


def labels(path: Path) -> str:
    return "".join(sample.label for sample in samples(path))


def drawing(number: int) -> Drawing:
    """Return a drawing that differs from those of other numbers."""
    return Drawing((Stroke(np.array([(100, 100), (600, 100 + number)], np.float32), 40.0),))


def test_samples_come_back_as_they_were(file: Path) -> None:
    picture = Drawing(picture=rasterize(DRAWING), strokes=DRAWING.strokes[:1])
    assert samples(file) == ()
    add(file, "7")
    add(file, "heart ♥", picture)
    one, other = samples(file)
    assert (one.label, other.label) == ("7", "heart ♥")
    assert one.drawing.width == 1200
    for stroke, before in zip(one.drawing.strokes, DRAWING.strokes, strict=True):
        assert np.array_equal(stroke.points, before.points)
        assert (stroke.brush, stroke.erases) == (before.brush, before.erases)
    assert np.array_equal(rasterize(other.drawing), rasterize(picture))
    first, second = read_strokes(file)
    assert (first.label, second.label) == ("7", "heart ♥"), "it is a stroke file"
    assert len(np.concatenate(second.strokes)) > 10, "the strokes were traced in the picture"


def test_samples_are_deleted_and_put_back_in_their_places(file: Path) -> None:
    for number in range(6):
        add(file, str(number), drawing(number))
    before = file.read_bytes()
    every = samples(file)
    deleted = own_samples.delete(file, [every[4], every[0], every[1]])
    assert labels(file) == "235"
    own_samples.restore(file, deleted)
    assert file.read_bytes() == before
    own_samples.delete(file, [add(file, "9", drawing(9))])
    assert file.read_bytes() == before
    own_samples.delete(file, every)
    assert labels(file) == ""
    own_samples.delete(file, every)
    add(file, "4")
    assert labels(file) == "4"


def test_deleting_one_of_two_equal_samples_leaves_the_other(file: Path) -> None:
    for _ in range(3):
        add(file, "1")
    first, second, _ = samples(file)
    assert first is not second
    own_samples.delete(file, [second])
    assert labels(file) == "11"


def test_samples_get_another_label_and_keep_all_else(file: Path) -> None:
    picture = Drawing(picture=rasterize(DRAWING))
    for number in range(8):
        add(file, "1", drawing(number))
    add(file, "1", picture)
    before = file.read_bytes()
    every = samples(file)
    pairs = [(each, own_samples.relabelled(each, "heart ♥")) for each in (every[2], every[8])]
    own_samples.replace(file, pairs)
    after = samples(file)
    assert [each.label for each in after].count("heart ♥") == 2
    assert [each.is_held_out for each in after] == [each.is_held_out for each in every]
    assert np.array_equal(rasterize(after[8].drawing), rasterize(picture))
    own_samples.replace(file, [(new, old) for old, new in pairs])
    assert file.read_bytes() == before


def test_what_another_program_adds_or_deletes_meanwhile_is_respected(file: Path) -> None:
    one, two = add(file, "1", drawing(1)), add(file, "2", drawing(2))
    add(file, "3", drawing(3))
    deleted = own_samples.delete(file, [one])
    add(file, "4", drawing(4))
    own_samples.delete(file, [one, two])
    own_samples.replace(file, [(two, own_samples.relabelled(two, "9"))])
    assert labels(file) == "34"
    own_samples.restore(file, deleted)
    assert labels(file) == "134"


_PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from lenet_desktop.data import own_samples
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Stroke
path, label = Path(sys.argv[1]), sys.argv[2]
for number in range(20):
    points = np.array([(100, 100), (300 + number, 600)], np.float32)
    drawing = Drawing((Stroke(points),))
    sample = own_samples.add(path, drawing, rasterize(drawing), label)
    if number % 2:
        own_samples.delete(path, [sample])
"""


def test_programs_that_write_at_once_lose_nothing(file: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", _PROGRAM, str(file), label]) for label in "ab"
    ]
    for number in range(10):
        own_samples.delete(file, [add(file, "c", drawing(number))])
    assert [program.wait() for program in programs] == [0, 0]
    assert sorted(labels(file)) == ["a"] * 10 + ["b"] * 10


_KILLED = """
import sys
from pathlib import Path
import numpy as np
from lenet_desktop.data import own_samples
from lenet_desktop.drawing.raster import blank
from lenet_desktop.drawing.strokes import Drawing, Stroke
path = Path(sys.argv[1])
for number in range(10_000):
    points = np.array([(100, 100), (300 + number, 600)], np.float32)
    own_samples.add(path, Drawing((Stroke(points),)), blank(), str(number))
    if sys.argv[2] == "changes":
        sample = own_samples.read(path).samples[-1]
        own_samples.replace(path, [(sample, own_samples.relabelled(sample, f"{number}!"))])
    print(number, flush=True)
"""


@pytest.mark.parametrize("what", ["additions", "changes"])
def test_a_killed_program_loses_at_most_what_it_was_writing(file: Path, what: str) -> None:
    for wait in (0.0, 0.002, 0.007):
        with subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(file), what], stdout=subprocess.PIPE
        ) as program:
            assert program.stdout is not None
            for _ in range(3):
                program.stdout.readline()
            time.sleep(wait)
            program.kill()
            told = 3 + len(program.stdout.read().split())
        every = samples(file)
        mark = "!" if what == "changes" else ""
        assert [each.label for each in every][:told] == [f"{n}{mark}" for n in range(told)]
        assert len(every) in (told, told + 1)
        assert own_samples.read(file).notice == ""
        own_samples.delete(file, every)


def test_samples_that_are_there_already_are_not_added_again(file: Path) -> None:
    every = [add(file, "1", drawing(number)) for number in range(3)]
    own_samples.delete(file, every[:2])
    assert own_samples.extend(file, [every[2], every[0], every[0]]) == 1
    assert len(samples(file)) == 2


def test_which_samples_are_held_out_depends_on_their_strokes(file: Path) -> None:
    for number in range(40):
        add(file, str(number % 10), drawing(number))
    add(file, "7", Drawing(picture=rasterize(DRAWING)))
    every = samples(file)
    records = list(read_strokes(file))
    assert [each.is_held_out for each in every] == [is_held_out(r.strokes) for r in records]
    held_out = {each.line for each in every if each.is_held_out}
    assert 2 <= len(held_out) <= 20
    own_samples.delete(file, every[::3])
    assert all(each.is_held_out is (each.line in held_out) for each in samples(file))


def test_known_samples_are_not_read_again(file: Path) -> None:
    add(file, "1", drawing(1))
    known = samples(file)
    add(file, "2", drawing(2))
    one, two = own_samples.read(file, known).samples
    assert one is known[0]
    assert two.label == "2"
    stop = Event()
    stop.set()
    assert own_samples.read(file, stop=stop).samples == ()


@pytest.mark.parametrize("cut", [1, 20, 10_000])
def test_a_sample_cut_off_by_a_kill_is_the_only_one_lost(file: Path, cut: int) -> None:
    for label in "12":
        add(file, label)
    whole = file.read_bytes()
    end = whole.index(b"\n") + 1
    file.write_bytes(whole[: max(len(whole) - cut, end)])
    assert labels(file) == "1"
    three = add(file, "3")
    assert labels(file) == "13"
    own_samples.delete(file, [three])
    assert labels(file) == "1"


def test_sets_of_classes_have_files_of_their_own() -> None:
    files = {file_of(DIGITS), file_of(("a", "b")), file_of(("b", "a")), file_of(("a", "b", "c"))}
    assert len(files) == 4
    assert {path.parent for path in files} == {paths.samples_folder()}


DAMAGED = [
    b"nonsense",
    b"[]",
    b'{"label":"1"}',
    b'{"label":"","strokes":[[[1,2]]],"brushes":[9],"erases":[false]}',
    b'{"label":"1","picture":"~~~"}',
    b'{"label":"1","strokes":[[[1,2]]],"picture":"~~~"}',
    b'{"label":"1","strokes":[[[1,2]]],"picture":"AAAA"}',
    b'{"label":"1","strokes":[[[1,2]]],"picture":5}',
    b'{"label":"1","strokes":[[[1,1e300]]],"brushes":[9],"erases":[false]}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("line", DAMAGED)
def test_a_line_that_is_no_sample_is_named_and_stays(file: Path, line: bytes) -> None:
    one = add(file, "1")
    with file.open("ab") as opened:
        opened.write(line + b"\n")
    add(file, "2")
    assert labels(file) == "12"
    notice = own_samples.read(file).notice
    assert notice == f"Line 2 of {file} cannot be read and is left as it is."
    own_samples.delete(file, [one])
    own_samples.replace(file, [(each, own_samples.relabelled(each, "3")) for each in samples(file)])
    assert labels(file) == "3"
    assert file.read_bytes().startswith(line + b"\n")


def test_many_damaged_lines_are_told_of_in_one_sentence(file: Path) -> None:
    add(file, "1")
    with file.open("ab") as opened:
        opened.write(b"".join(line + b"\n" for line in DAMAGED))
    assert own_samples.read(file).notice == (
        f"{len(DAMAGED)} lines of {file} cannot be read and are left as they are; the first is "
        "line 2."
    )


def test_a_line_that_was_written_by_hand_is_a_sample(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('\n{"label": 7, "strokes": [[[1, 2], [3, 9]]]}\r\n')
    (sample,) = samples(file)
    assert sample.label == "7"
    assert rasterize(sample.drawing).any()
    own_samples.replace(file, [(sample, own_samples.relabelled(sample, "8"))])
    assert labels(file) == "8"


def test_an_unwritable_file_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").mkdir()
    with pytest.raises(OwnSamplesError, match="cannot be written"):
        add(tmp_path / "a.jsonl", "1")
    with pytest.raises(OwnSamplesError, match="cannot be read"):
        own_samples.read(tmp_path / "a.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to("/dev/full")
    with pytest.raises(OwnSamplesError, match="cannot be written"):
        add(tmp_path / "a.jsonl", "1")


_FULL = """
import resource, signal, sys
from pathlib import Path
from lenet_desktop.data import own_samples
from lenet_desktop.data.own_samples import OwnSamplesError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
samples = own_samples.read(path).samples
size = path.stat().st_size // 2
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
new = [own_samples.relabelled(sample, "a much longer label") for sample in samples]
for change in (
    lambda: own_samples.delete(path, samples[:1]),
    lambda: own_samples.replace(path, zip(samples, new)),
    lambda: own_samples.extend(path, new),
    lambda: own_samples.add(path, samples[0].drawing, None, "1"),
):
    try:
        change()
    except OwnSamplesError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit for the size of files")
def test_a_disk_that_becomes_full_loses_nothing(file: Path) -> None:
    for number in range(6):
        add(file, "1", drawing(number))
    before = file.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{file} cannot be written: File too large.\n" * 4
    assert file.read_bytes() == before
    assert {each.name for each in file.parent.iterdir()} == {file.name, f"{file.name}.lock"}


def test_a_read_only_folder_is_reported_and_can_still_be_read(
    file: Path, closed: Callable[[Path], AbstractContextManager[None]]
) -> None:
    one = add(file, "1")
    with closed(file.parent):
        file.parent.chmod(0o500)
        Path(f"{file}.lock").chmod(0o400)
        assert labels(file) == "1"
        for change in (lambda: own_samples.delete(file, [one]), lambda: add(file, "2")):
            with pytest.raises(OwnSamplesError, match="cannot be written: Permission denied"):
                change()
    assert labels(file) == "1"


def test_a_program_that_writes_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(file, "1")
    monkeypatch.setattr(own_samples, "_LOCK_SECONDS", 0.05)
    with FileLock(f"{file}.lock"), pytest.raises(OwnSamplesError, match="another program"):
        add(file, "2")
    add(file, "3")
    assert labels(file) == "13"


def test_a_full_file_is_not_written_to(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(file, "1")
    monkeypatch.setattr(own_samples, "MAX_FILE_BYTES", file.stat().st_size + 10)
    with pytest.raises(OwnSamplesError, match="is full"):
        add(file, "2")
    assert labels(file) == "1"
