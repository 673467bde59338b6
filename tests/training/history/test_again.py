"""The job that repeats a training, made from a record that is not trusted."""

from dataclasses import replace

import pytest

from lenet_desktop import paths
from lenet_desktop.data.sources import STARTER
from lenet_desktop.errors import UserError
from lenet_desktop.training.history import folder
from lenet_desktop.training.history.again import job_again
from lenet_desktop.training.history.recorder import Recorder
from lenet_desktop.training.job import Job
from lenet_desktop.training.recipe import RECIPES

JOB = Job(RECIPES["tutorial"], STARTER, paths.factory_model(), images=100)


def test_as_many_images_are_used_again() -> None:
    Recorder(JOB.load())
    record = folder.run(1).record
    assert record.images == 100
    assert job_again(record, paths.factory_model(), ("cpu",)) == JOB


@pytest.mark.parametrize("images", [-1, 1.5, True, "100", None, [], 10**30])
def test_a_number_of_images_that_is_none_is_refused(images: object) -> None:
    Recorder(JOB.load())
    record = folder.run(1).record
    damaged = replace(record, choices={**record.choices, "images": images})
    with pytest.raises(UserError, match="images must be a whole number"):
        job_again(damaged, paths.factory_model(), ("cpu",))
