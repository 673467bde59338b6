"""A model as an ONNX file, with all that a reader of the file needs to know inside.

PyTorch's exporter writes the graph. It changes ``torch.nn.Module`` for all threads while it traces,
so a process in which other threads use networks must not call it (see ``ui.models.exports``).
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.drawing.preprocess import SAMPLE_SIZE
from lenet_desktop.errors import UserError
from lenet_desktop.export.description import (
    DECISION,
    LICENCE,
    MADE_BY,
    PREPROCESSING,
    credits_of,
    rows,
)
from lenet_desktop.models.model_file import Model
from lenet_desktop.printable import printable

_PACKAGES = ("onnx", "onnxscript")

_DOC_OF = {
    "sample": f"float32 (batch, 1, {SAMPLE_SIZE}, {SAMPLE_SIZE}). {PREPROCESSING}",
    "logits": "float32 (batch, classes): the outputs of the network.",
    "probabilities": "float32 (batch, classes): softmax(logits / temperature).",
    "energy": "float32 (batch,): -log(sum(exp(logits))), high if no class fits.",
}


def check_packages() -> None:
    """Check that the packages of PyTorch's exporter are there.

    Raises:
        UserError: they are not; the message says what to install.
    """
    if getattr(sys, "frozen", False):
        raise UserError(
            "The packaged program cannot export to ONNX: install the program from its source with "
            "pip, or export a web page."
        )
    if any(importlib.util.find_spec(name) is None for name in _PACKAGES):
        raise UserError(
            "Exporting to ONNX needs the packages {packages}: install both with pip, beside this "
            "program.",
            packages=" and ".join(_PACKAGES),
        )


def write_onnx(model: Model, path: Path) -> None:
    """Write a model as an ONNX file, atomically; the same model always gives the same bytes.

    The file has one input, 'sample', and the outputs 'logits', 'probabilities' and 'energy'; the
    size of the batch is free. Class names, temperature, thresholds, credits and how to make a
    sample are in its metadata.

    Raises:
        UserError: a package is missing or does not fit, or the file cannot be written.
    """
    check_packages()
    content = _exported(model).SerializeToString(deterministic=True)
    try:
        replace_file(path, content)
    except OSError as error:
        raise UserError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


class _WithDecision(nn.Module):
    """A network that returns what a decision is made from, too."""

    def __init__(self, network: nn.Module, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, sample: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        logits = self.network(sample)  # (N, classes)
        probabilities = torch.softmax(logits / self.temperature, dim=1)  # (N, classes)
        return logits, probabilities, -torch.logsumexp(logits, dim=1)  # (N,)


def _exported(model: Model) -> Any:
    """Return the model as an ``onnx.ModelProto``."""
    tqdm.monitor_interval = 0  # PyTorch has a progress bar, whose thread would never end
    network = _WithDecision(model.network, model.card.temperature).eval()
    inputs, *outputs = _DOC_OF
    try:
        program = torch.onnx.export(
            network,
            # Two, since a batch of one would fix the size of the batch.
            (torch.zeros(2, 1, SAMPLE_SIZE, SAMPLE_SIZE),),
            dynamo=True,
            input_names=[inputs],
            output_names=outputs,
            dynamic_shapes={"sample": {0: torch.export.Dim("batch")}},
            verbose=False,
        )
    except (ImportError, RuntimeError) as error:
        raise UserError(
            "PyTorch's exporter has failed, so update torch, onnx and onnxscript: {reason}.",
            reason=printable(str(error).strip().partition("\n")[0], 300).rstrip("."),
        ) from error
    assert program is not None
    proto: Any = program.model_proto
    _remove_traces(proto.graph)
    for value in (*proto.graph.input, *proto.graph.output):
        value.doc_string = _DOC_OF[value.name]
    proto.doc_string = proto.graph.doc_string = _doc(model)
    proto.graph.name = model.card.title or "model"
    for key, text in _metadata(model).items():
        proto.metadata_props.add(key=key, value=text)
    return proto


def _remove_traces(graph: Any) -> None:
    """Remove the exporter's notes, which name source files and so folders of this computer."""
    for part in (graph.node, graph.input, graph.output, graph.initializer, graph.value_info):
        for each in part:
            each.ClearField("metadata_props")
            each.ClearField("doc_string")
    graph.ClearField("metadata_props")


def _doc(model: Model) -> str:
    card = model.card
    parts = [
        card.title,
        "\n".join(f"{name}: {text}" for name, text in rows(model)),
        f"Input: {PREPROCESSING}",
        f"Decision: {DECISION} The temperature is {card.temperature}, max_energy is "
        f"{card.max_energy}, min_probability is {card.min_probability}.",
    ]
    return "\n\n".join(parts)


def _metadata(model: Model) -> dict[str, str]:
    card = model.card
    return {
        "name": card.title,
        "architecture": card.architecture,
        "classes": json.dumps(card.classes, ensure_ascii=False),
        "temperature": repr(card.temperature),
        "max_energy": repr(card.max_energy),
        "min_probability": repr(card.min_probability),
        "preprocessing": PREPROCESSING,
        "decision": DECISION,
        "credits": credits_of(card),
        "licence": LICENCE,
        "test_accuracy": "" if card.test_accuracy is None else repr(card.test_accuracy),
        "card": card.to_json(),
        "exported_by": MADE_BY,
    }
