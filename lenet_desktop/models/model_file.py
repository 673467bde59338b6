"""Model files: the weights of a network and its model card, in one safetensors file.

A safetensors file holds numbers and text and cannot run code; nothing here ever unpickles. The
card is JSON in the file's metadata: a model explains itself.
"""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_safetensors
from torch import nn

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.errors import UserError
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard

_FORMAT = "lenet-desktop model 2"
# Format 1 differs only in names of the card, here with today's; energies had the other sign.
_FORMAT_1 = "lenet-desktop model 1"
_RENAMED = {"least_probability": "min_probability"}
_RENAMED_IN_RECIPE = {
    "non_digits": "outliers",
    "exposure": "outlier_weight",
    "averaging": "ema_decay",
}

# The classic net takes a quarter of a megabyte; nothing this program can use comes near the limit.
_MAX_BYTES = 256 * 1024 * 1024


class ModelFileError(UserError):
    """A model file that cannot be used; the message is one sentence for the user."""


@dataclass(frozen=True)
class Model:
    """A network on the CPU in evaluation mode, and its card."""

    network: nn.Module
    card: ModelCard


def save(model: Model, path: Path) -> None:
    """Write a model file beside ``path`` and put it in place in one step.

    A full disk or a killed process leaves whatever stood at ``path`` as it was.

    Raises:
        ModelFileError: the file could not be written.
    """
    weights = {k: v.detach().cpu().contiguous() for k, v in model.network.state_dict().items()}
    card = json.dumps(asdict(model.card), sort_keys=True, ensure_ascii=False)
    content = to_safetensors(weights, metadata={"format": _FORMAT, "card": card})
    try:
        replace_file(path, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelFileError(f"The model could not be written to {path}: {reason}.") from error


def load(path: Path) -> Model:
    """Read a model file and check all of it before anyone sees the model.

    Raises:
        ModelFileError: the file is missing, no model file of this program, cut off, or holds
            shapes, types, numbers or class names that a model cannot have.
    """
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise ModelFileError(f"{path} is too large to be a model file of LeNet Desktop.")
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            weights = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelFileError(f"The model file {path} cannot be read: {reason}.") from error
    except SafetensorError as error:
        raise ModelFileError(
            f"{path} is not a model file, or it is damaged: choose a .safetensors file "
            "that LeNet Desktop has written."
        ) from error
    if metadata.get("format") not in (_FORMAT, _FORMAT_1):
        raise ModelFileError(
            f"{path} holds weights, but not a model of LeNet Desktop: its format is not "
            f"'{_FORMAT}'."
        )
    card = _read_card(metadata.get("card", ""), metadata["format"], path)
    return Model(_build(card, weights, path), card)


def _read_card(text: str, format_name: str, path: Path) -> ModelCard:
    wrong = ModelFileError(f"The model card in {path} is damaged: train or fetch the model again.")
    try:
        values = json.loads(text)
        if format_name == _FORMAT_1:
            values = _from_format_1(values)
        # Half a character could be shown, but not written again.
        json.dumps(values, ensure_ascii=False).encode()
        known = {f.name for f in fields(ModelCard)}
        card = ModelCard(**{k: v for k, v in values.items() if k in known})
        card = ModelCard(**{**asdict(card), "classes": tuple(card.classes)})
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise wrong from error
    texts = (card.name, card.architecture, card.data, card.command, card.trained)
    scores = (card.validation_accuracy, card.test_accuracy)
    if not (
        all(isinstance(t, str) for t in (*texts, *card.classes))
        and all(isinstance(d, dict) for d in (card.options, card.recipe, card.notes))
        and all(s is None or (_is_number(s) and 0 <= s <= 1) for s in scores)
        and _is_number(card.temperature)
        and 0.01 <= card.temperature <= 100
        and _is_number(card.max_energy)
        and abs(card.max_energy) <= 1e12
        and _is_number(card.min_probability)
        and 0 <= card.min_probability <= 1
        and (card.seed is None or type(card.seed) is int)
    ):
        raise wrong
    if not 2 <= len(card.classes) <= 100 or not all(0 < len(c) <= 20 for c in card.classes):
        raise ModelFileError(f"The model in {path} needs 2 to 100 named classes.")
    if len(set(card.classes)) != len(card.classes):
        raise ModelFileError(f"The model in {path} has two classes of the same name.")
    return card


def _from_format_1(values: dict[str, Any]) -> dict[str, Any]:
    new = {_RENAMED.get(name, name): value for name, value in values.items()}
    if "least_evidence" in new:
        new["max_energy"] = -new.pop("least_evidence")
    recipe = new.get("recipe", {})
    new["recipe"] = {_RENAMED_IN_RECIPE.get(name, name): recipe[name] for name in recipe}
    return new


def _is_number(value: object) -> bool:
    return type(value) in (int, float)


def _build(card: ModelCard, weights: dict[str, torch.Tensor], path: Path) -> nn.Module:
    if card.architecture not in ARCHITECTURES:
        raise ModelFileError(
            f"The model in {path} is of the kind '{card.architecture[:40]}', which this version "
            f"does not know; it knows {', '.join(ARCHITECTURES)}."
        )
    try:
        with torch.random.fork_rng(devices=[]):
            network = ARCHITECTURES[card.architecture](len(card.classes), **card.options)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ModelFileError(f"The model card in {path} asks for an impossible network.") from error
    expected = network.state_dict()
    for name in sorted(expected.keys() | weights.keys()):
        if name not in weights or name not in expected:
            raise ModelFileError(f"The model in {path} has the wrong layers: see '{name[:60]}'.")
        if weights[name].shape != expected[name].shape:
            raise ModelFileError(
                f"The layer '{name}' in {path} has the shape {tuple(weights[name].shape)}; "
                f"{tuple(expected[name].shape)} was expected."
            )
        if weights[name].dtype != expected[name].dtype:
            raise ModelFileError(
                f"The layer '{name}' in {path} holds {weights[name].dtype}; "
                f"{expected[name].dtype} was expected."
            )
        if not torch.isfinite(weights[name]).all():
            raise ModelFileError(f"The layer '{name}' in {path} holds numbers that are not finite.")
    network.load_state_dict(weights)
    network.eval()
    with torch.inference_mode():
        blank_and_full = torch.stack([torch.zeros(1, 28, 28), torch.ones(1, 28, 28)])
        if not torch.isfinite(network(blank_and_full)).all():
            raise ModelFileError(f"The model in {path} gives answers that are no numbers.")
    return network
