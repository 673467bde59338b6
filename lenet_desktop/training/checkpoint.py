"""Checkpoint files: numbers and JSON in one safetensors file, replaced in one step."""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_safetensors
from torch import Tensor

from lenet_desktop.atomic_write import replace_file

_FORMAT = "lenet-desktop checkpoint 1"


def write_checkpoint(path: Path, state: dict[str, Any], tensors: dict[str, Tensor]) -> None:
    """Write a checkpoint beside ``path`` and put it in place; a failure leaves what was there.

    Raises:
        OSError: it could not be written.
    """
    content = to_safetensors(
        {name: value.detach().cpu().contiguous() for name, value in tensors.items()},
        metadata={"format": _FORMAT, "state": json.dumps(state)},
    )
    replace_file(path, content)


def is_there(path: Path) -> bool:
    """Say whether there is a checkpoint; there is none in a folder that is closed to us."""
    try:
        return path.exists()
    except OSError:
        return False


def read_checkpoint(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Read what ``write_checkpoint`` wrote.

    Raises:
        ValueError: the file is no checkpoint, or damaged, or cannot be read.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != _FORMAT:
                raise ValueError(f"{path} is no checkpoint")
            state: dict[str, Any] = json.loads(metadata["state"])
            return state, {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, KeyError) as error:
        raise ValueError(f"{path} cannot be read") from error
