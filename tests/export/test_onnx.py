"""An ONNX file, opened by ONNX Runtime, reads as the program does and explains itself."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from exported_models import model_named
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.errors import UserError
from lenet_desktop.export.onnx import write_onnx
from lenet_desktop.inference.decision import decide
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model

for _package in ("onnx", "onnxscript"):
    pytest.importorskip(_package, reason="needs lenet-desktop[onnx]")
onnxruntime = pytest.importorskip("onnxruntime", reason="needs onnxruntime")
onnx = pytest.importorskip("onnx")

DIGITS: NDArray[np.float32] = starter_digits().test.images.numpy().astype(np.float32) / 255


@dataclass(frozen=True)
class Exported:
    """A model and its ONNX file."""

    model: Model
    path: Path

    def run(self, samples: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Return what ONNX Runtime makes of samples, float32 (N, 28, 28)."""
        return list(self.session().run(None, {"sample": samples[:, np.newaxis]}))

    def session(self) -> Any:
        return onnxruntime.InferenceSession(self.path, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="session")
def exported(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    path = tmp_path_factory.mktemp("onnx") / "model.onnx"
    before = {name: values.clone() for name, values in model.network.state_dict().items()}
    write_onnx(model, path)
    after = model.network.state_dict()
    assert all(torch.equal(values, after[name]) for name, values in before.items())
    assert not any(module.training for module in model.network.modules())
    return Exported(model, path)


def test_1000_real_digits_give_the_same_logits_and_decisions(exported: Exported) -> None:
    assert DIGITS.shape == (1000, 28, 28)
    logits, probabilities, energy = exported.run(DIGITS)
    model = exported.model
    expected = Recognizer(model, "cpu").logits(DIGITS)
    assert np.abs(logits - expected).max() <= 1e-4
    decision = decide(expected, model.card)
    assert decide(logits, model.card).verdicts == decision.verdicts
    assert np.abs(probabilities - decision.probabilities).max() <= 1e-4
    assert np.array_equal(probabilities.argmax(axis=1), decision.predicted)
    assert np.abs(energy + np.log(np.exp(expected.astype(float)).sum(axis=1))).max() <= 1e-4


def test_the_batch_has_any_size(exported: Exported) -> None:
    for count in (1, 3):
        assert [len(each) for each in exported.run(DIGITS[:count])] == [count] * 3


def test_names_and_metadata_are_in_one_file(exported: Exported) -> None:
    assert list(exported.path.parent.iterdir()) == [exported.path]
    proto = onnx.load(exported.path, load_external_data=False)
    onnx.checker.check_model(proto, full_check=True)
    assert not any(each.external_data for each in proto.graph.initializer)
    card = exported.model.card
    metadata = {each.key: each.value for each in proto.metadata_props}
    assert json.loads(metadata["classes"]) == list(card.classes)
    assert float(metadata["temperature"]) == card.temperature
    assert float(metadata["max_energy"]) == card.max_energy
    assert float(metadata["min_probability"]) == card.min_probability
    assert metadata["name"] == card.title
    assert metadata["credits"] == card.data
    assert "MIT" in metadata["licence"]
    assert "20x20" in metadata["preprocessing"]
    assert "max_energy" in metadata["decision"]
    for name in ("name", "credits", "licence", "preprocessing", "decision"):
        assert metadata[name] in proto.doc_string
    for name in ("temperature", "max_energy", "min_probability"):
        assert f"{name} is {metadata[name]}" in proto.doc_string
    assert ", ".join(card.classes) in proto.doc_string
    assert all(each.doc_string for each in (*proto.graph.input, *proto.graph.output))
    session = exported.session()
    assert [each.name for each in session.get_inputs()] == ["sample"]
    assert [each.name for each in session.get_outputs()] == ["logits", "probabilities", "energy"]
    assert session.get_inputs()[0].shape == ["batch", 1, 28, 28]
    assert session.get_outputs()[0].shape == ["batch", len(card.classes)]


def test_no_folder_of_this_computer_is_in_the_file(exported: Exported) -> None:
    content = exported.path.read_bytes()
    for folder in (Path(model_file.__file__).parent, Path(np.__file__).parents[1]):
        assert str(folder).encode() not in content
    assert b".py" not in content


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.onnx", "other.onnx"):
        write_onnx(model_named("lenet-variant-2"), tmp_path / name)
    assert (tmp_path / "one.onnx").read_bytes() == (tmp_path / "other.onnx").read_bytes()


class _CannotBeTraced(nn.Module):
    def forward(self, samples: Tensor) -> Tensor:
        if samples.sum() > 0:
            return samples.flatten(1)[:, :10]
        return -samples.flatten(1)[:, :10]


def test_a_failure_of_the_exporter_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^PyTorch's exporter has failed, .*\.$"):
        write_onnx(Model(_CannotBeTraced(), ModelCard("odd")), tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()
