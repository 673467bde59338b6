"""A web page in a real browser: it reads what is drawn on it, and answers as the program does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from browser import Browser, browser
from exported_models import HOSTILE, model_named
from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import PAD_SIZE, Drawing, Points, Stroke, place_by_hand
from lenet_desktop.export.web_page import write_web_page
from lenet_desktop.inference.recognizer import Prediction, Recognizer
from lenet_desktop.models.model_file import Model

DEMO = {str(r.label): r.strokes for r in read_strokes(paths.resource("demo-strokes.jsonl"))}
# The brushes of the pad, thin to thick, the usual one most often.
BRUSHES = (56, 56, 56, 20, 100)
CTRL, SHIFT = 2, 8


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """A browser for all tests of this module."""
    with browser() as chrome:
        yield chrome


def open_page(chrome: Browser, model: Model, folder: Path) -> None:
    write_web_page(model, folder / "pad.html")
    chrome.show_as(1280, 800)
    chrome.open(folder / "pad.html")


@pytest.fixture
def page(chrome: Browser, tmp_path: Path) -> Iterator[Browser]:
    """The page of the factory model; it must say nothing and ask for nothing."""
    open_page(chrome, model_named("factory"), tmp_path)
    yield chrome
    chrome.next_picture()
    assert chrome.said == []
    assert [url for url in chrome.requests if not url.startswith("data:")] == [
        (tmp_path / "pad.html").as_uri()
    ]


def on_screen(page: Browser, points: Points) -> list[tuple[float, float]]:
    """Return where points in pad units are on the page."""
    left, top, side = page.run(
        "(() => { const paper = document.querySelector('.paper');"
        "const area = paper.getBoundingClientRect();"
        "return [area.left + paper.clientLeft, area.top + paper.clientTop, paper.clientWidth] })()"
    )
    return [(left + x * side / PAD_SIZE, top + y * side / PAD_SIZE) for x, y in points.tolist()]


def draw(page: Browser, strokes: tuple[Points, ...], *, hand: str = "mouse") -> None:
    """Draw strokes with the left or the right button of the mouse, a pen or a finger."""
    for stroke in strokes:
        places = on_screen(page, stroke)
        if hand == "finger":
            page.touch("touchStart", places[0])
            for place in places[1:]:
                page.touch("touchMove", place)
            page.touch("touchEnd")
            continue
        button = "right" if hand == "eraser" else "left"
        for kind, place in (
            ("mousePressed", places[0]),
            *(("mouseMoved", place) for place in places[1:]),
            ("mouseReleased", places[-1]),
        ):
            page.mouse(kind, *place, button=button, pen=hand == "pen")
    page.next_picture()


def text(page: Browser, selector: str) -> str:
    return str(page.run(f"document.querySelector({selector!r}).textContent"))


def click(page: Browser, tool: str) -> None:
    x, y = page.run(
        f"(() => {{ const area = document.querySelector('[data-tool={tool}]')"
        ".getBoundingClientRect(); return [area.x + area.width / 2, area.y + area.height / 2] })()"
    )
    page.mouse("mousePressed", x, y)
    page.mouse("mouseReleased", x, y)
    page.next_picture()


def read(page: Browser, drawing: Drawing) -> dict[str, Any]:
    """Return the page's answer to a drawing."""
    strokes = [
        {"points": s.points.tolist(), "brush": s.brush, "erases": s.erases} for s in drawing.strokes
    ]
    answer: dict[str, Any] = page.run(
        f"(() => {{ const answer = lenetDesktop.read({json.dumps(strokes)});"
        "return answer && { ...answer, sample: [...answer.sample] } })()"
    )
    return answer


def difference(answer: dict[str, Any], prediction: Prediction) -> float:
    """Return the mean difference of the samples, in parts of full ink."""
    return float(np.abs(np.array(answer["sample"]) - prediction.sample.ravel()).mean())


def is_same(answer: dict[str, Any], prediction: Prediction) -> bool:
    best_class = prediction.classes[answer["best"]]
    return (best_class, answer["verdict"]) == (prediction.best_class, prediction.verdict.value)


@pytest.mark.parametrize("label", DEMO)
def test_a_digit_drawn_with_the_mouse_is_read(page: Browser, label: str) -> None:
    draw(page, DEMO[label])
    assert text(page, ".class") == label
    assert text(page, ".caption").endswith(" %")
    assert text(page, ".bars .best.sure .label") == label
    assert text(page, ".time").endswith(" ms")
    assert text(page, "[role=status]") == f"{label}, {text(page, '.caption')}"


@pytest.mark.parametrize("hand", ["pen", "finger"])
def test_a_digit_drawn_with_a_pen_or_a_finger_is_read(page: Browser, hand: str) -> None:
    draw(page, DEMO["4"], hand=hand)
    assert text(page, ".class") == "4"


def test_the_answer_follows_the_pen(page: Browser) -> None:
    assert text(page, ".caption") == "Draw a digit"
    first, *_, last = on_screen(page, DEMO["1"][0])
    page.mouse("mousePressed", *first)
    page.mouse("mouseMoved", *last)
    page.next_picture()
    assert text(page, ".class") != "", "before the pen is lifted"
    assert text(page, "[role=status]") == "", "what is read aloud waits for the end"
    page.mouse("mouseReleased", *last)


def test_undo_redo_clear_and_the_eraser(page: Browser) -> None:
    draw(page, DEMO["4"])
    assert len(DEMO["4"]) > 1
    click(page, "undo")
    assert text(page, ".class") != "4"
    page.press_key("z", CTRL | SHIFT)
    page.next_picture()
    assert text(page, ".class") == "4"
    click(page, "clear")
    assert text(page, ".caption") == "Draw a digit"
    page.press_key("z", CTRL)
    page.next_picture()
    assert text(page, ".class") == "4"
    draw(page, DEMO["4"], hand="eraser")
    assert text(page, ".caption") == "Draw a digit", "all of it was erased"
    assert ink_inside(page) == 0, "no trace of it is seen"
    page.show_as(390, 844)
    assert ink_inside(page) == 0
    page.show_as(1280, 800)
    click(page, "erase")
    draw(page, DEMO["7"])
    assert text(page, ".caption") == "Draw a digit", "the left button erases now"
    page.press_key("p")
    draw(page, DEMO["7"])
    assert text(page, ".class") == "7"


def test_a_scribble_is_refused(page: Browser) -> None:
    angles = np.linspace(0, 40, 200)
    spiral = 400 + 8 * angles[:, np.newaxis] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    draw(page, (spiral.astype(np.float32),))
    assert text(page, ".class") == "?"
    assert text(page, ".caption").startswith("Not a digit. Closest: ")


@pytest.mark.parametrize("name", ["lenet-variant", "lenet-variant-2", "residual-100"])
def test_other_networks_and_classes(chrome: Browser, tmp_path: Path, name: str) -> None:
    model = model_named(name)
    open_page(chrome, model, tmp_path)
    recognizer = Recognizer(model, "cpu")
    for seed, strokes in enumerate(DEMO.values()):
        drawing = place_by_hand(strokes, seed)
        prediction = recognizer.recognize(drawing)
        assert prediction is not None
        answer = read(chrome, drawing)
        assert is_same(answer, prediction)
        assert np.abs(np.array(answer["probabilities"]) - prediction.probabilities).max() < 1e-3
    draw(chrome, DEMO["3"])
    labels = chrome.run("[...document.querySelectorAll('.label')].map((e) => e.textContent)")
    assert labels == list(model.card.classes)
    assert chrome.said == []


def test_hostile_names_do_nothing(chrome: Browser, tmp_path: Path) -> None:
    open_page(chrome, model_named("lenet-variant"), tmp_path)
    draw(chrome, DEMO["3"])
    assert text(chrome, "h1") == text(chrome, "title") == "<b>lenet-variant</b> </title>"
    assert chrome.run("document.querySelectorAll('img, b, i').length") == 0
    assert any(name in text(chrome, ".caption") + text(chrome, ".class") for name in HOSTILE)
    assert chrome.said == []


def test_500_real_digits_are_read_as_the_program_reads_them(
    page: Browser, shared_pen: Path
) -> None:
    records = list(read_strokes(shared_pen / "unipen-validation.jsonl"))[::3][:500]
    recognizer = Recognizer(model_named("factory"), "cpu")
    same, differences = [], []
    for seed, record in enumerate(records):
        drawing = place_by_hand(record.strokes, seed, BRUSHES[seed % len(BRUSHES)])
        prediction = recognizer.recognize(drawing)
        assert prediction is not None
        answer = read(page, drawing)
        same.append(is_same(answer, prediction))
        differences.append(difference(answer, prediction))
    assert len(same) == 500
    assert np.mean(same) >= 0.998
    assert np.mean(differences) < 0.01


def test_unusual_drawings_are_read_as_the_program_reads_them(page: Browser) -> None:
    recognizer = Recognizer(model_named("factory"), "cpu")
    four = place_by_hand(DEMO["4"], 1)
    bar = np.array([[300, 200], [300, 600]], np.float32)
    drawings = {
        "a dot": Drawing((Stroke(np.array([[400, 400]], np.float32)),)),
        "few points": Drawing(tuple(Stroke(s.points[::6]) for s in four.strokes)),
        "small": Drawing(tuple(Stroke(s.points / 8 + 300) for s in four.strokes)),
        "uneven": Drawing(
            tuple(
                Stroke(s.points, brush) for s, brush in zip(four.strokes, (16, 120), strict=False)
            )
        ),
        "erased": Drawing((*four.strokes, Stroke(bar + np.float32([60, 0]), 60, erases=True))),
        "two bars": Drawing((Stroke(bar), Stroke(bar + np.float32([150, 0])))),
        "off the paper": Drawing(
            tuple(Stroke(s.points + np.float32([350, 0])) for s in four.strokes)
        ),
    }
    for name, drawing in drawings.items():
        prediction = recognizer.recognize(drawing)
        assert prediction is not None, name
        answer = read(page, drawing)
        assert is_same(answer, prediction), name
        assert difference(answer, prediction) < 0.01, name
    nowhere = Drawing((Stroke(np.array([[-900, 0], [-500, 9]], np.float32)),))
    assert recognizer.recognize(nowhere) is None
    assert read(page, nowhere) is None


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (844, 390), (320, 568)])
@pytest.mark.parametrize("dark", [False, True])
def test_everything_is_visible_on_any_screen(
    page: Browser, width: int, height: int, dark: bool
) -> None:
    page.show_as(width, height, ratio=2, dark=dark)
    draw(page, DEMO["5"])
    assert text(page, ".class") == "5"
    wide, areas = page.run(
        "[document.documentElement.scrollWidth, Object.fromEntries(['.paper', '.class', '.bars',"
        "'.tools'].map((name) => { const area = document.querySelector(name)"
        ".getBoundingClientRect();"
        "return [name, [area.left, area.top, area.right, area.bottom]] }))]"
    )
    assert wide <= width, "nothing is cut off at the right"
    left, top, right, bottom = areas[".paper"]
    assert abs((right - left) - (bottom - top)) < 1
    assert left >= 0 and top >= 0 and right <= width and bottom <= height
    assert right - left >= 0.4 * min(width, height)
    assert areas[".class"][3] <= height, "the answer is on the screen"
    colour = page.run("getComputedStyle(document.querySelector('.paper')).backgroundColor")
    assert colour == ("rgb(42, 48, 56)" if dark else "rgb(253, 253, 250)")
    assert ink_at(page, DEMO["5"][0]) == 255, "the ink is under the pen"


def ink_at(page: Browser, stroke: Points) -> int:
    """Return how opaque the ink is where a stroke begins, 0 to 255, in the screen's own pixels."""
    x, y = on_screen(page, stroke)[0]
    return int(
        page.run(
            "(() => { const ink = document.querySelector('.ink');"
            "const area = ink.getBoundingClientRect(), scale = ink.width / area.width;"
            # Read from a copy: the browser writes to the console if a canvas is often read itself.
            "const copy = new OffscreenCanvas(ink.width, ink.height).getContext('2d');"
            "copy.drawImage(ink, 0, 0);"
            f"return copy.getImageData(({x} - area.x) * scale, ({y} - area.y) * scale, 1, 1)"
            ".data[3] })()"
        )
    )


def ink_inside(page: Browser) -> int:
    """Return how opaque the strongest ink on the paper is, 0 to 255."""
    return int(
        page.run(
            "(() => { const ink = document.querySelector('.ink'), { width, height } = ink;"
            "const copy = new OffscreenCanvas(width, height).getContext('2d');"
            "copy.drawImage(ink, 0, 0);"
            "const { data } = copy.getImageData(0, 0, width, height);"
            "return data.reduce((most, value, i) => i % 4 === 3 ? Math.max(most, value) : most, 0)"
            "})()"
        )
    )


def test_the_drawing_stays_when_the_phone_is_turned(page: Browser) -> None:
    page.show_as(390, 844, ratio=3)
    draw(page, DEMO["4"], hand="finger")
    for width, height, dark in ((844, 390, True), (390, 844, False)):
        page.show_as(width, height, ratio=3, dark=dark)
        assert [ink_at(page, stroke) for stroke in DEMO["4"]] == [255, 255]
        assert text(page, ".class") == "4"
    click(page, "undo")
    assert [ink_at(page, stroke) for stroke in DEMO["4"]] == [255, 0]


def test_the_hand_that_holds_the_pen_leaves_no_ink(page: Browser) -> None:
    hand, pen = on_screen(page, np.array([[700, 700], [400, 200]], np.float32))
    page.touch("touchStart", hand)
    page.next_picture()
    assert text(page, ".class") != ""
    page.mouse("mousePressed", *pen, pen=True)
    page.touch("touchMove", (hand[0] - 30, hand[1]))
    page.mouse("mouseReleased", *pen, pen=True)
    page.touch("touchEnd")
    page.next_picture()
    assert ink_at(page, np.array([[700, 700]], np.float32)) == 0
    assert ink_at(page, np.array([[400, 200]], np.float32)) == 255
