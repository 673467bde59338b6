"""Model files: the weights of a network and its model card, in one safetensors file."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from lenet_desktop.atomic_write import create_file, replace_file
from lenet_desktop.errors import Text, UserError
from lenet_desktop.models.activation_bound import activation_bound
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.safetensors_bytes import from_bytes, to_bytes
from lenet_desktop.printable import printable
from lenet_desktop.regular_file import read_regular

_FORMAT = "lenet-desktop model 2"
_FORMAT_1 = "lenet-desktop model 1"

MAX_BYTES = 16 * 1024 * 1024
"""The largest model file that is read; LeNet takes 250 KB, the residual network 280 KB."""

# The card is in the header. This program writes 5 KB, most of it the training command.
_MAX_HEADER = 1024 * 1024

# The largest float32 is 3e38. The distance leaves room for a division by the smallest temperature
# (0.01), and for convolutions by other algorithms, whose intermediate sums are larger.
_MAX_ACTIVATION = 1e30


class ModelFileError(UserError):
    """A model file that cannot be used; the message is one sentence for the user."""


@dataclass(frozen=True)
class Model:
    """A network on the CPU in evaluation mode, and its card."""

    network: nn.Module
    card: ModelCard


def save(model: Model, path: Path) -> None:
    """Write a model file atomically.

    After a full disk or a killed process the old file at ``path`` is unchanged. The same model
    always gives the same bytes: its card and its weights, and nothing else.

    Raises:
        ModelFileError: the file could not be written.
    """
    content = _to_bytes(model, path)
    try:
        replace_file(path, content)
    except OSError as error:
        raise _not_written(path, error) from error


def save_new(model: Model, path: Path) -> bool:
    """Write a model file as ``save`` does, but return False if a file exists at ``path``."""
    content = _to_bytes(model, path)
    try:
        return create_file(path, content)
    except OSError as error:
        raise _not_written(path, error) from error


def load(path: Path) -> Model:
    """Read a model file and check all of it.

    Raises:
        ModelFileError: the file is missing, not a model file of this program, cut off, or holds
            shapes, types, numbers or class names that a model cannot have.
    """
    card, weights, network = _read(path)
    for name, values in weights.items():
        if not torch.isfinite(values).all():
            raise ModelFileError(
                "The layer '{name}' in {path} holds numbers that are not finite.",
                name=name,
                path=path,
            )
    network.load_state_dict(weights)
    network.eval()
    if not activation_bound(network) <= _MAX_ACTIVATION:  # NaN is refused too
        raise ModelFileError(
            "The model in {path} has weights so large that its answers may not be finite.",
            path=path,
        )
    return Model(network, card)


def read_card(path: Path) -> ModelCard:
    """Read the card of a model file; check its weights, except for their values.

    Raises:
        ModelFileError: as ``load`` does, except for numbers that a model cannot have.
    """
    return _read(path)[0]


def _to_bytes(model: Model, path: Path) -> bytes:
    try:
        metadata = {"format": _FORMAT, "card": model.card.to_json()}
        content = to_bytes(model.network.state_dict(), metadata)
        from_bytes(content, _MAX_HEADER)  # raises if the file could not be read again
    except ValueError as error:
        raise ModelFileError(
            "The model could not be written to {path}: a text in its model card is too "
            "long, or has characters that cannot be saved.",
            path=path,
        ) from error
    return content


def _not_written(path: Path, error: OSError) -> ModelFileError:
    return ModelFileError(
        "The model could not be written to {path}: {reason}.",
        path=path,
        reason=error.strerror or error,
    )


def _read(path: Path) -> tuple[ModelCard, dict[str, Tensor], nn.Module]:
    """Return card, weights, and a network of the same shapes with random weights."""
    try:
        content = read_regular(path, MAX_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelFileError(
            "The model file {path} cannot be read: {reason}.", path=path, reason=reason
        ) from error
    try:
        weights, metadata = from_bytes(content, _MAX_HEADER)
    except ValueError as error:
        raise ModelFileError(
            "{path} is not a model file, or it is damaged: choose a .safetensors file that "
            "LeNet Desktop has written.",
            path=path,
        ) from error
    format_name = metadata.get("format")
    if format_name not in (_FORMAT, _FORMAT_1):
        raise ModelFileError(
            "{path} holds weights, but not a model of LeNet Desktop: its format is not '{format}'.",
            path=path,
            format=_FORMAT,
        )
    try:
        card = ModelCard.from_json(metadata.get("card", ""), is_format_1=format_name == _FORMAT_1)
    except ValueError as error:
        raise ModelFileError(
            "The model in {path} cannot be used: {reason}.", path=path, reason=error
        ) from error
    network = _new_network(card, path)
    _check_layers(weights, network.state_dict(), path)
    return card, weights, network


def _new_network(card: ModelCard, path: Path) -> nn.Module:
    if card.architecture not in ARCHITECTURES:
        raise ModelFileError(
            "The model in {path} has the architecture '{architecture}', which this version "
            "does not know; it knows {architectures}.",
            path=path,
            architecture=printable(card.architecture, 40),
            architectures=", ".join(ARCHITECTURES),
        )
    try:
        with torch.random.fork_rng(devices=[]):
            return ARCHITECTURES[card.architecture](len(card.classes), **card.options)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ModelFileError(
            "The model card in {path} asks for an impossible network.", path=path
        ) from error


def _check_layers(weights: dict[str, Tensor], expected: dict[str, Tensor], path: Path) -> None:
    for name in sorted(expected.keys() | weights.keys()):
        if name not in weights or name not in expected:
            raise ModelFileError(
                "The model in {path} has the wrong layers: see '{name}'.",
                path=path,
                name=printable(name, 60),
            )
        for what, found, wanted in (
            (Text("shape"), tuple(weights[name].shape), tuple(expected[name].shape)),
            (Text("type"), weights[name].dtype, expected[name].dtype),
        ):
            if found != wanted:
                raise ModelFileError(
                    "The layer '{name}' in {path} has the {what} {found}; {wanted} was expected.",
                    name=name,
                    path=path,
                    what=what,
                    found=found,
                    wanted=wanted,
                )
