"""The job that repeats a training of the history."""

from pathlib import Path
from typing import Any

from lenet_desktop.data.sources import PicturesAre
from lenet_desktop.errors import UserError
from lenet_desktop.models.model_card import check_classes
from lenet_desktop.training.history.record import Record
from lenet_desktop.training.job import DEVICES, MOST_IMAGES, Job
from lenet_desktop.training.jobs import AnyJob
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.teaching.classes_job import ClassesJob
from lenet_desktop.training.teaching.hand_job import HandJob


def job_again(record: Record, champion: Path, devices: tuple[str, ...]) -> AnyJob:
    """Return the job that trains with the same recipe, data and seed.

    Args:
        record: the record, which is not trusted.
        champion: the model file that the new model is compared with.
        devices: the devices of this computer, the best first; used if the old one is not there.

    Raises:
        UserError: the record's values are those of no training.
    """
    choices = record.choices
    strokes, teachers = choices.get("strokes"), choices.get("teachers", [])
    images = choices.get("images", 0)
    is_here = record.device in DEVICES and record.device in devices
    try:
        if not isinstance(teachers, list) or not all(isinstance(each, str) for each in teachers):
            raise ValueError("the teachers must be paths")
        if type(images) is not int or not 0 <= images <= MOST_IMAGES:
            raise ValueError(f"images must be a whole number from 0 to {MOST_IMAGES}")
        if choices.get("own_hand") is True and isinstance(strokes, str):
            seed = Recipe(**record.recipe).seed
            return HandJob(Path(strokes), Path(record.source), champion, seed)
        if "own_classes" in choices and isinstance(strokes, str):
            return ClassesJob(Path(strokes), _names(choices), Recipe(**record.recipe).seed)
        return Job(
            recipe=Recipe(**record.recipe),
            data=Path(record.source),
            champion=champion,
            device=record.device if is_here else devices[0],
            starts_from_champion=choices.get("starts_from_champion") is True,
            freeze_convolutions=choices.get("freeze_convolutions") is True,
            strokes=Path(strokes) if isinstance(strokes, str) else None,
            credit=str(choices.get("credit", "")),
            teachers=tuple(map(Path, teachers)),
            images=images,
            pictures=PicturesAre(choices.get("pictures", PicturesAre.DRAWINGS)),
        )
    except (TypeError, ValueError) as error:
        raise UserError(
            "This training cannot be repeated, its record is damaged: {reason}.", reason=error
        ) from error


def _names(choices: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the classes that were learned.

    Raises:
        ValueError: they are no names.
    """
    names = choices["own_classes"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("the classes must be names")
    check_classes(names)
    return tuple(names)
