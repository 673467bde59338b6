"""The recognizer reads digits, and gives up a device that fails for the CPU."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lenet_desktop import paths
from lenet_desktop.drawing.raster import blank, draw_line
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, place
from lenet_desktop.inference.decision import softmax
from lenet_desktop.inference.recognizer import Recognizer, device_names
from lenet_desktop.models import model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model

DEMO = list(read_strokes(paths.resource("demo-strokes.jsonl")))


@pytest.fixture(scope="module")
def model() -> Model:
    return model_file.load(paths.factory_model())


@pytest.fixture(scope="module")
def recognizer(model: Model) -> Recognizer:
    return Recognizer(model, "cpu")


@pytest.mark.parametrize("record", DEMO, ids=[str(r.label) for r in DEMO])
@pytest.mark.parametrize(
    ("height", "centre", "brush"),
    [
        pytest.param(0.7, (0.5, 0.5), 56, id="usual"),
        pytest.param(0.3, (0.2, 0.75), 24, id="small in a corner"),
        pytest.param(0.8, (0.5, 0.5), 90, id="thick"),
        pytest.param(0.7, (0.55, 0.45), 20, id="thin"),
    ],
)
def test_the_factory_model_reads_the_demo_strokes(
    recognizer: Recognizer, record, height: float, centre: tuple[float, float], brush: float
) -> None:
    drawing = place(record.strokes, height=height, centre=centre, brush=brush)
    prediction = recognizer.recognize(drawing)
    assert prediction is not None
    assert prediction.best_class == record.label
    assert prediction.is_sure


def test_a_prediction_tells_all_about_itself(recognizer: Recognizer) -> None:
    prediction = recognizer.recognize(place(DEMO[7].strokes))
    assert prediction is not None
    assert prediction.classes == tuple("0123456789")
    assert prediction.probabilities.shape == (10,)
    assert prediction.probabilities.dtype == np.float32
    assert prediction.probabilities.min() >= 0
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert prediction.probability == prediction.probabilities[7] == prediction.probabilities.max()
    assert prediction.sample.shape == (28, 28)
    assert 0 < prediction.seconds < 5


def test_no_ink_gives_no_prediction(recognizer: Recognizer) -> None:
    assert recognizer.recognize(Drawing()) is None


@pytest.mark.parametrize("value", [1, 255])
def test_a_single_pixel_is_read_as_something(recognizer: Recognizer, value: int) -> None:
    ink = blank()
    ink[3, 797] = value
    prediction = recognizer.recognize(Drawing(picture=ink))
    assert prediction is not None
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-5)


class _Always(nn.Module):
    """A network that always says the same, to try what follows from it."""

    def __init__(self, logits: list[float]) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.tensor(logits))

    def forward(self, samples: Tensor) -> Tensor:
        return self.logits.expand(len(samples), -1)


@pytest.mark.parametrize(
    ("logits", "temperature", "best_class", "probability", "is_sure"),
    [
        ([0.0, 3.0], 1.0, "b", 1 / (1 + np.exp(-3)), True),
        ([3.0, 0.0], 2.0, "a", 1 / (1 + np.exp(-1.5)), True),
        ([1.0, 0.9, 0.8], 1.0, "a", 0.367, False),
        ([5.0, 4.9, 4.8], 0.01, "a", 1.0, True),
        ([1000.0, -1000.0], 1.0, "a", 1.0, True),
    ],
)
def test_the_temperature_divides_the_logits_and_little_probability_is_not_sure(
    logits: list[float], temperature: float, best_class: str, probability: float, is_sure: bool
) -> None:
    classes = tuple("abcde"[: len(logits)])
    card = ModelCard("a", classes=classes, temperature=temperature)
    recognizer = Recognizer(Model(_Always(logits).eval(), card), "cpu")
    ink = blank()
    draw_line(ink, (300, 300), (400, 500), 40)
    prediction = recognizer.recognize(Drawing(picture=ink))
    assert prediction is not None
    assert prediction.best_class == best_class
    assert prediction.probability == pytest.approx(probability, abs=1e-3)
    assert prediction.is_sure is is_sure


def test_softmax_takes_any_shape_and_any_size_of_numbers() -> None:
    logits = np.array([[0, 0], [1e4, -1e4], [-1e30, 1e30]], np.float32)
    assert softmax(logits).tolist() == [[0.5, 0.5], [1, 0], [0, 1]]


# Devices


def test_the_cpu_is_always_there_and_comes_last() -> None:
    assert device_names()[-1] == "cpu"
    assert len(set(device_names())) == len(device_names())


def test_auto_takes_the_best_device(model: Model) -> None:
    recognizer = Recognizer(model)
    assert recognizer.device == device_names()[0]
    assert recognizer.notice == ""


@pytest.mark.parametrize(
    "device",
    [
        pytest.param(
            "cuda", marks=pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is here")
        ),
        "meta",  # a device that takes a network and never gives an answer
        "nonsense",
    ],
)
def test_a_device_that_fails_is_given_up_for_the_cpu_with_a_notice(
    model: Model, device: str
) -> None:
    recognizer = Recognizer(model, device)
    assert recognizer.device == "cpu"
    assert recognizer.notice.startswith(f"The device '{device}' cannot be used, so the CPU is")
    assert "\n" not in recognizer.notice
    prediction = recognizer.recognize(place(DEMO[3].strokes))
    assert prediction is not None
    assert prediction.best_class == "3"


def test_a_device_that_fails_later_is_given_up_then(model: Model) -> None:
    recognizer = Recognizer(model, "cpu")
    recognizer.device = "meta"  # as a GPU that was there a moment ago
    prediction = recognizer.recognize(place(DEMO[5].strokes))
    assert prediction is not None
    assert prediction.best_class == "5"
    assert recognizer.device == "cpu"
    assert "'meta'" in recognizer.notice


class _Broken(nn.Module):
    def forward(self, samples: Tensor) -> Tensor:
        raise RuntimeError("broken for good")


def test_a_network_that_fails_on_the_cpu_too_says_so() -> None:
    recognizer = Recognizer(Model(_Broken(), ModelCard("a")), "cpu")
    with pytest.raises(RuntimeError, match="broken for good"):
        recognizer.recognize(place(DEMO[5].strokes))


def test_the_models_own_network_stays_on_the_cpu_and_as_it_was(model: Model) -> None:
    before = {k: v.clone() for k, v in model.network.state_dict().items()}
    Recognizer(model).recognize(place(DEMO[1].strokes))
    after = model.network.state_dict()
    assert all(v.device.type == "cpu" and torch.equal(v, before[k]) for k, v in after.items())


def test_two_classes_are_enough() -> None:
    torch.manual_seed(0)
    card = ModelCard("a", classes=("no", "yes"))
    recognizer = Recognizer(Model(LeNet(2).eval(), card))
    prediction = recognizer.recognize(place(DEMO[1].strokes))
    assert prediction is not None
    assert prediction.best_class in card.classes
