"""Jobs: their JSON, which is not trusted, and the texts in model cards."""

import dataclasses
import json
import os
import shutil
from pathlib import Path

import pytest

from lenet_desktop import paths
from lenet_desktop.data.sources import STARTER
from lenet_desktop.training.checkpoint import CheckpointError
from lenet_desktop.training.job import Job
from lenet_desktop.training.recipe import RECIPES
from trainings import PLAIN, to_the_end

JOB = Job(
    RECIPES["quick"],
    Path("somewhere") / "mnist",
    paths.factory_model(),
    held_out=STARTER,
    device="mps",
    freeze_convolutions=True,
    strokes=Path("mine.jsonl"),
    credit="by me",
    teachers=(Path("a.safetensors"), Path("b.safetensors")),
    images=100,
)


def test_a_job_survives_its_json() -> None:
    assert Job.from_json(JOB.to_json()) == JOB
    plain = Job(RECIPES["tutorial"], STARTER, paths.factory_model())
    assert Job.from_json(plain.to_json()) == plain


def test_a_job_whose_champion_has_changed_is_none(tmp_path: Path) -> None:
    champion = tmp_path / "champion.safetensors"
    shutil.copy(paths.factory_model(), champion)
    text = dataclasses.replace(JOB, champion=champion).to_json()
    assert Job.from_json(text) is not None
    os.utime(champion, (0, 0))
    assert Job.from_json(text) is not None, "only the content counts"
    champion.write_bytes(champion.read_bytes() + b"x")
    assert Job.from_json(text) is None
    champion.unlink()
    assert Job.from_json(text) is None


def test_the_factory_model_is_found_again_after_a_new_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = JOB.to_json()
    elsewhere = tmp_path / "lenet5-mnist.safetensors"
    shutil.copy(paths.factory_model(), elsewhere)
    monkeypatch.setattr(paths, "factory_model", lambda: elsewhere)
    assert Job.from_json(text) == dataclasses.replace(JOB, champion=elsewhere)


def test_other_text_is_no_job() -> None:
    for text in ("", "null", "[]", "5", '"text"', "{}", "{", '{"champion_digest": 1}', "\ud800"):
        assert Job.from_json(text) is None
    for deep in ("[" * 100_000, '{"recipe": ' + '{"a":' * 100_000):
        assert Job.from_json(deep) is None
    assert Job.from_json('{"champion_digest": ' + "9" * 5000 + "}") is None


NONSENSE = (None, True, 5, -1, 1e999, "x", "\0", "\ud800", [], [5], {}, {"a": 1}, [[]])


def test_fields_of_the_wrong_type_make_no_job() -> None:
    """Every field of the job and of its recipe, with every kind of nonsense."""
    values = json.loads(JOB.to_json())
    made = 0
    for part, name in [(None, n) for n in values] + [("recipe", n) for n in values["recipe"]]:
        for nonsense in NONSENSE:
            changed = json.loads(JOB.to_json())
            (changed if part is None else changed[part])[name] = nonsense
            job = Job.from_json(json.dumps(changed, sort_keys=True))
            if job is not None:
                made += 1
                assert type(job.freeze_convolutions) is bool
                assert type(job.starts_from_champion) is bool
                assert type(job.recipe.redrawn) is bool
                assert type(job.recipe.seed) is int
                assert type(job.images) is int and job.images >= 0
                assert type(job.recipe.name) is str
                assert all(isinstance(path, Path) for path in (job.data, *job.teachers))
    assert made > 5, "some nonsense is a valid name or number"


def write_strokes(path: Path, slant: float) -> None:
    stroke = [[y * slant, y] for y in range(20)]
    line = {"label": "1", "strokes": [stroke], "writer": "w"}
    path.write_text((json.dumps(line) + "\n") * 5)


def test_cards_hold_no_paths_and_an_edited_stroke_file_is_another_training(
    tmp_path: Path,
) -> None:
    strokes, checkpoint = tmp_path / "mine.jsonl", tmp_path / "checkpoint"
    write_strokes(strokes, 0.0)
    champion = tmp_path / "champion.safetensors"
    shutil.copy(paths.factory_model(), champion)
    job = Job(
        dataclasses.replace(PLAIN, epochs=1),
        STARTER,
        champion,
        starts_from_champion=True,
        strokes=strokes,
        credit="by me",
        teachers=(champion,),
    )
    _, outcome = to_the_end(job.load().train(checkpoint=checkpoint))
    card = outcome.challenger.card
    assert "mine" in card.data and "by me" in card.data
    for folder in (tmp_path, Path.home(), paths.factory_model().parent):
        assert str(folder) not in json.dumps(dataclasses.asdict(card))
    write_strokes(strokes, 0.3)
    with pytest.raises(CheckpointError, match="another training"):
        next(job.load().train(checkpoint=checkpoint))


def test_a_job_learns_from_as_many_images_as_it_says() -> None:
    job = Job(PLAIN, STARTER, paths.factory_model())
    all_of_them = job.load()
    few = dataclasses.replace(job, images=100).load()
    assert len(few.data.train) == 100
    assert few.data.train.labels.bincount().tolist() == [10] * 10
    assert len(few.data.validation) == len(all_of_them.data.validation)
    assert len(few.held_out.test) == len(all_of_them.held_out.test)
