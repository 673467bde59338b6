"""Checkpoint files: counters and tensors in one safetensors file, replaced in one step.

A checkpoint identifies its training and contains a checksum, so that a damaged file is refused.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.models.model_file import Model
from lenet_desktop.models.safetensors_bytes import from_bytes, to_bytes
from lenet_desktop.regular_file import read_regular
from lenet_desktop.training.progress import TrainingError
from lenet_desktop.training.recipe import Recipe

_FORMAT = "lenet-desktop checkpoint 2"
_MAX_BYTES, _MAX_HEADER = 256 * 1024 * 1024, 1024 * 1024


class CheckpointError(TrainingError):
    """A checkpoint that a training cannot resume from; the message is one sentence."""

    @classmethod
    def damaged(cls, path: Path) -> "CheckpointError":
        """Return the error for a file that is not a checkpoint or is damaged."""
        return cls(
            f"The checkpoint {path} is damaged or of another version: delete it, then train again."
        )


def training_id(
    recipe: Recipe,
    data: TrainingData,
    device: torch.device,
    start: Model | None,
    freeze_convolutions: bool,
    teachers: Sequence[Model],
) -> dict[str, Any]:
    """Return the identity of a training as JSON values: everything that decides its result.

    Data and models are identified by their content: an edited stroke file is different data.
    """
    return {
        "recipe": asdict(recipe),
        "data": data.digest(),
        "device": device.type,
        "start": None if start is None else _digest("", start.network.state_dict()),
        "freeze_convolutions": freeze_convolutions,
        "teachers": [_digest("", teacher.network.state_dict()) for teacher in teachers],
    }


def is_there(path: Path) -> bool:
    """Return whether there is a checkpoint; False if the folder cannot be accessed."""
    try:
        return path.exists()
    except OSError:
        return False


def seed_of(path: Path) -> int | None:
    """Return the seed of the training that a checkpoint belongs to; None if it has none.

    The checkpoint is not checked: ``read_checkpoint`` refuses a damaged one.
    """
    return _whole_number(path, "training", "recipe", "seed")


def epochs_of(path: Path) -> int | None:
    """Return how many epochs of a checkpoint are complete; None if it does not say; not checked."""
    return _whole_number(path, "counters", "epoch")


def _whole_number(path: Path, *keys: str) -> int | None:
    try:
        _, metadata = from_bytes(read_regular(path, _MAX_BYTES), _MAX_HEADER)
        value = json.loads(metadata["state"])
        for key in keys:
            value = value[key]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return value if type(value) is int else None


def write_checkpoint(
    path: Path, training: dict[str, Any], counters: dict[str, Any], tensors: dict[str, Tensor]
) -> None:
    """Write a checkpoint atomically; if that fails, the old one is unchanged.

    Raises:
        OSError: it could not be written.
    """
    state = json.dumps({"training": training, "counters": counters})
    metadata = {"format": _FORMAT, "state": state, "sha256": _digest(state, tensors)}
    replace_file(path, to_bytes(tensors, metadata))


def read_checkpoint(
    path: Path, training: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return the counters and tensors that ``write_checkpoint`` wrote for this training.

    Only the checksum is checked, and a hostile file can have a correct one: the caller must check
    names, types and ranges.

    Raises:
        CheckpointError: it is damaged, or belongs to another training.
    """
    damaged = CheckpointError.damaged(path)
    try:
        tensors, metadata = from_bytes(read_regular(path, _MAX_BYTES), _MAX_HEADER)
        state = metadata["state"]
        if metadata["format"] != _FORMAT or metadata["sha256"] != _digest(state, tensors):
            raise damaged
        values = json.loads(state)
        is_of_this_training = values["training"] == json.loads(json.dumps(training))
        counters = values["counters"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged from error
    if not is_of_this_training:
        raise CheckpointError(
            "The checkpoint {path} belongs to another training: delete it, or train with "
            "the recipe and the data that it was written with.",
            path=path,
        )
    if not isinstance(counters, dict):
        raise damaged
    return counters, tensors


def _digest(text: str, tensors: dict[str, Tensor]) -> str:
    """Return the SHA-256 of a text and of tensors with their names, in hexadecimal digits."""
    digest = hashlib.sha256(text.encode())
    for name, value in sorted(tensors.items()):
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
        digest.update(value.detach().cpu().reshape(-1).contiguous().view(torch.uint8).numpy().data)
    return digest.hexdigest()
