"""Model files: the weights of a network and its model card, in one safetensors file.

A safetensors file holds numbers and text and cannot run code; nothing here ever unpickles. The
card is JSON in the file's metadata: a model explains itself.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_safetensors
from torch import nn

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.variants import LeNetVariant, ResidualLeNet

_FORMAT = "lenet-desktop model 1"
# The classic net takes a quarter of a megabyte; nothing this program can use comes near the limit.
_MAX_BYTES = 256 * 1024 * 1024

ARCHITECTURES: dict[str, type[nn.Module]] = {
    "lenet": LeNet,
    "lenet-variant": LeNetVariant,
    "residual": ResidualLeNet,
}


MAX_NAME = 60


class ModelFileError(Exception):
    """A model file that cannot be used; the message is one sentence for the user."""


@dataclass(frozen=True)
class ModelCard:
    """What a model says of itself.

    Attributes:
        name: what the user calls it.
        architecture: a key of ``ARCHITECTURES``.
        options: what the architecture was built with besides the number of classes.
        classes: one text a class, in the order of the logits.
        data: what it was trained on, with credit and licence.
        recipe: everything that decided its training besides the data.
        seed: the seed of its training.
        command: the command that makes it again, or '' where there is none.
        trained: the day it was trained, as YYYY-MM-DD.
        validation_accuracy, test_accuracy: 0 to 1, or None where it was not measured.
        temperature: what the logits are divided by before the softmax.
        least_evidence: less evidence for any digit at all (``judgement.evidence``) is no digit.
        least_probability: a guess that is less probable than this, 0 to 1, is not sure.
        notes: anything else, by name.
    """

    name: str
    architecture: str = "lenet"
    options: dict[str, Any] = field(default_factory=dict)
    classes: tuple[str, ...] = tuple("0123456789")
    data: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None
    command: str = ""
    trained: str = ""
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    temperature: float = 1.0
    least_evidence: float = -1e9
    least_probability: float = 0.5
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name as it is shown: one line of at most ``MAX_NAME`` letters.

        A file of unknown origin may call itself anything, at any length.
        """
        line = " ".join("".join(c if c.isprintable() else " " for c in self.name).split())
        return line if len(line) <= MAX_NAME else f"{line[: MAX_NAME - 1]}…"


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
    if metadata.get("format") != _FORMAT:
        raise ModelFileError(
            f"{path} holds weights, but not a model of LeNet Desktop: its format is not "
            f"'{_FORMAT}'."
        )
    card = _read_card(metadata.get("card", ""), path)
    return Model(_build(card, weights, path), card)


def _read_card(text: str, path: Path) -> ModelCard:
    wrong = ModelFileError(f"The model card in {path} is damaged: train or fetch the model again.")
    try:
        values = json.loads(text)
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
        and _is_number(card.least_evidence)
        and abs(card.least_evidence) <= 1e12
        and _is_number(card.least_probability)
        and 0 <= card.least_probability <= 1
        and (card.seed is None or type(card.seed) is int)
    ):
        raise wrong
    if not 2 <= len(card.classes) <= 100 or not all(0 < len(c) <= 20 for c in card.classes):
        raise ModelFileError(f"The model in {path} needs 2 to 100 named classes.")
    if len(set(card.classes)) != len(card.classes):
        raise ModelFileError(f"The model in {path} has two classes of the same name.")
    return card


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
