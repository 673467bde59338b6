"""The recognizer reads drawings, and falls back to the CPU when a device fails."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from lenet_desktop import paths
from lenet_desktop.drawing.preprocess import StageKind
from lenet_desktop.drawing.raster import blank, draw_line
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import PAD_SIZE, Drawing, place
from lenet_desktop.errors import UserError
from lenet_desktop.inference.decision import Verdict
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


def test_a_prediction_holds_everything_that_is_shown(recognizer: Recognizer) -> None:
    prediction = recognizer.recognize(place(DEMO[7].strokes))
    assert prediction is not None
    assert prediction.classes == tuple("0123456789")
    assert prediction.probabilities.shape == (10,)
    assert prediction.probabilities.dtype == np.float32
    assert prediction.probabilities.min() >= 0
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert prediction.probability == prediction.probabilities[7] == prediction.probabilities.max()
    assert prediction.sample.shape == (28, 28)
    assert prediction.seconds > 0
    assert prediction.description == "digit"


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
    """A network that gives the same logits for every sample."""

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
def test_the_temperature_divides_the_logits_and_a_low_probability_is_not_sure(
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


def test_three_and_26_classes_have_their_own_words() -> None:
    for classes in (("a", "b", "c"), tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")):
        torch.manual_seed(0)
        card = ModelCard("a", classes=classes, max_energy=-100)
        recognizer = Recognizer(Model(LeNet(len(classes)).eval(), card), "cpu")
        prediction = recognizer.recognize(place(DEMO[1].strokes))
        assert prediction is not None
        assert prediction.best_class in classes
        assert prediction.probabilities.shape == (len(classes),)
        assert prediction.verdict is Verdict.NOT_A_DIGIT
        assert prediction.description == "none of these"
        assert recognizer.read_stages(place(DEMO[1].strokes))[0].description == "none of these"


def test_the_last_stage_is_what_the_prediction_is_made_of(recognizer: Recognizer) -> None:
    drawing = place(DEMO[4].strokes)
    stages, prediction = recognizer.read_stages(drawing), recognizer.recognize(drawing)
    assert prediction is not None
    assert [stage.kind for stage in stages] == list(StageKind)
    assert np.array_equal(stages[-1].sample, prediction.sample)
    assert np.array_equal(stages[-1].probabilities, prediction.probabilities)
    assert recognizer.read_stages(Drawing()) == ()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_logits_that_are_not_finite_are_reported_in_one_sentence_and_no_answer(
    value: float,
) -> None:
    card = ModelCard("broken\nmodel", classes=("a", "b"))
    recognizer = Recognizer(Model(_Always([0.0, value]).eval(), card), "cpu")
    for read in (recognizer.recognize, recognizer.read_stages):
        with pytest.raises(UserError, match=r"'broken model' gives no finite answer .*\.$"):
            read(place(DEMO[1].strokes))


def test_finite_weights_that_overflow_are_reported_in_one_sentence_and_no_answer() -> None:
    torch.manual_seed(0)
    network = LeNet(10).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(1e30)
    recognizer = Recognizer(Model(network, ModelCard("huge")), "cpu")
    with pytest.raises(UserError, match="no finite answer"):
        recognizer.recognize(place(DEMO[1].strokes))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_any_ink_gives_a_finite_prediction_or_none(recognizer: Recognizer, data) -> None:
    # A few pixels or rectangles of any strength anywhere on the pad.
    ink = blank()
    place_of = st.integers(0, PAD_SIZE - 1)
    for _ in range(data.draw(st.integers(0, 4))):
        top, left = data.draw(place_of), data.draw(place_of)
        height, width = data.draw(st.integers(1, PAD_SIZE)), data.draw(st.integers(1, PAD_SIZE))
        ink[top : top + height, left : left + width] = data.draw(st.integers(0, 255))
    prediction = recognizer.recognize(Drawing(picture=ink))
    if prediction is None:
        assert not ink.any()
    else:
        assert np.isfinite(prediction.probabilities).all()
        assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-5)


# Devices


def test_the_cpu_is_always_there_and_comes_last() -> None:
    assert device_names()[-1] == "cpu"
    assert len(set(device_names())) == len(device_names())


def test_auto_uses_the_first_device(model: Model) -> None:
    recognizer = Recognizer(model)
    assert recognizer.device == device_names()[0]
    assert recognizer.notice == ""


@pytest.mark.parametrize(
    "device",
    [
        pytest.param(
            "cuda", marks=pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is here")
        ),
        "meta",  # accepts a network, but computes nothing
        "nonsense",
    ],
)
def test_a_device_that_fails_is_replaced_by_the_cpu_with_a_notice(
    model: Model, device: str
) -> None:
    recognizer = Recognizer(model, device)
    assert recognizer.device == "cpu"
    assert recognizer.notice.startswith(
        f"The device '{device}' cannot be used, so the CPU is used: "
    )
    assert "\n" not in recognizer.notice
    prediction = recognizer.recognize(place(DEMO[3].strokes))
    assert prediction is not None
    assert prediction.best_class == "3"


def test_a_device_that_fails_later_is_replaced_then(model: Model) -> None:
    recognizer = Recognizer(model, "cpu")
    recognizer.device = "meta"  # like a GPU that has just been unplugged
    prediction = recognizer.recognize(place(DEMO[5].strokes))
    assert prediction is not None
    assert prediction.best_class == "5"
    assert recognizer.device == "cpu"
    assert "'meta'" in recognizer.notice


class _Broken(nn.Module):
    def forward(self, samples: Tensor) -> Tensor:
        raise RuntimeError("out of order")


def test_a_network_that_fails_on_the_cpu_raises() -> None:
    recognizer = Recognizer(Model(_Broken(), ModelCard("a")), "cpu")
    with pytest.raises(RuntimeError, match="out of order"):
        recognizer.recognize(place(DEMO[5].strokes))


def test_the_network_of_the_model_stays_on_the_cpu_and_unchanged(model: Model) -> None:
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
