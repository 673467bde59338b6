"""Trainings of several processes."""

from pathlib import Path

import pytest
import torch

import launched
from lenet_desktop.errors import UserError
from lenet_desktop.models import model_file
from lenet_desktop.training.loop import train
from lenet_desktop.training.progress import TrainingError
from lenet_desktop.training.step.processes import ALONE, Processes, launched_processes
from trainings import few_digits, finish, same_weights


def test_the_weights_do_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    """Bit for bit, with batch normalization, averaged weights, dropout and synthetic images."""
    ended = launched.launch([(launched.__file__, tmp_path / "model")] * 2)
    assert [(code, errors) for code, _, errors in ended] == [(0, "")] * 2
    alone = finish(train(launched.SHARDED, few_digits(launched.DIGITS)))
    for rank in range(2):
        model = model_file.load(tmp_path / f"model-{rank}")
        assert same_weights(model, alone), f"process {rank}"
        assert model.card == alone.card


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("total", [0, 1, 2, 5, 8])
def test_every_item_belongs_to_one_process(count: int, total: int) -> None:
    items = list(range(total))
    shares = [items[Processes(rank, count).block(total)] for rank in range(count)]
    assert [item for share in shares for item in share] == items


def test_a_process_that_was_not_launched_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")  # as other programs set it, too
    with launched_processes() as processes:
        assert processes == ALONE
        assert processes.is_first
        assert processes.texts("é") == ["é"]
        with pytest.raises(UserError, match="no data"), processes.together():
            raise UserError("no data")


def test_processes_that_cannot_meet_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("RANK", "0"), ("WORLD_SIZE", "none"), ("MASTER_ADDR", "127.0.0.1")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MASTER_PORT", "1")
    with pytest.raises(TrainingError, match="cannot reach each other"), launched_processes():
        pass
    assert not torch.distributed.is_initialized()
