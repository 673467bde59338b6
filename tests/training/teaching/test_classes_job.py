"""The job that learns classes of a person's own."""

from pathlib import Path

import pytest

from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.errors import UserError
from lenet_desktop.models import model_file
from lenet_desktop.training.history.again import job_again
from lenet_desktop.training.history.recorder import Recorder
from lenet_desktop.training.job import Job
from lenet_desktop.training.teaching.classes_job import ClassesJob
from own_drawings import SHAPES, stroke_file
from trainings import finish

CLASSES = tuple(SHAPES)


def test_the_outcome_says_how_new_distortions_are_read(home: Path, tmp_path: Path) -> None:
    job = ClassesJob(stroke_file(tmp_path / "shapes.jsonl", 4), CLASSES, seed=1)
    loaded = job.load()
    recorder = Recorder(loaded)
    outcome = finish(recorder.watch(loaded.train()))
    assert outcome.challenger.card.classes == CLASSES
    assert outcome.challenger.card.name == "heart ♥, bolt, arrow"
    comparison = outcome.comparison
    assert comparison.champion is None
    assert comparison.challenger.count == 300
    assert comparison.challenger.accuracy > 0.98
    assert job_again(recorder.record, job.champion, ("cpu",)) == job
    assert Job.from_json(job.to_json()) is None, "it is not continued"


def test_too_few_drawings_are_refused_before_the_training(tmp_path: Path) -> None:
    samples = stroke_file(tmp_path / "shapes.jsonl", 3)
    with pytest.raises(DatasetError, match="3 of the 4 drawings"):
        ClassesJob(samples, CLASSES, seed=1).load()
    with pytest.raises(model_file.ModelFileError):
        ClassesJob(samples, CLASSES, seed=1, champion=tmp_path / "missing.safetensors").load()


def test_a_damaged_record_is_not_repeated(home: Path, tmp_path: Path) -> None:
    job = ClassesJob(stroke_file(tmp_path / "shapes.jsonl", 4), CLASSES, seed=1)
    record = Recorder(job.load()).record
    for names in (3, ["a", 3], ["a"], ["a", "a"]):
        record.choices["own_classes"] = names
        with pytest.raises(UserError, match="cannot be repeated"):
            job_again(record, job.champion, ("cpu",))
