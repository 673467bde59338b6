"""How long the exported web page takes for an answer, beside the program.

python tests/benchmarks/web_page.py

Draws the ten demo digits with the mouse on the page in Chromium, and prints the time from ink to
answer, as the page itself measures it after each picture on the screen; the program, on one thread,
reads the same drawings point by point. Both for the factory model and for the largest network.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from browser import Browser, browser
from exported_models import model_named
from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import PAD_SIZE, Drawing, Points, Stroke
from lenet_desktop.export.web_page import write_web_page
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models.model_file import Model

_COLLECT = """
globalThis.times = [];
const time = document.querySelector(".time");
new MutationObserver(() => time.textContent && times.push(parseFloat(time.textContent)))
  .observe(time, { childList: true, characterData: true, subtree: true });
"""
_AREA = """(() => {
const paper = document.querySelector(".paper");
const area = paper.getBoundingClientRect();
return [area.left + paper.clientLeft, area.top + paper.clientTop, paper.clientWidth];
})()"""


def of_the_page(page: Browser, model: Model, digits: list[tuple[Points, ...]]) -> list[float]:
    """Return the milliseconds of each answer while the digits are drawn."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pad.html"
        write_web_page(model, path)
        page.show_as(1280, 800)
        page.open(path)
        page.run(_COLLECT)
        left, top, side = page.run(_AREA)
        for digit in digits:
            page.run("document.querySelector('[data-tool=clear]').click()")
            for stroke in digit:
                places = np.array([left, top]) + stroke * (side / PAD_SIZE)
                page.mouse("mousePressed", *places[0])
                for place in places[1:]:
                    page.mouse("mouseMoved", *place)
                    page.settle()
                page.mouse("mouseReleased", *places[-1])
            page.next_picture()
        times: list[float] = page.run("times")
        return times


def of_the_program(model: Model, digits: list[tuple[Points, ...]]) -> list[float]:
    """Return the milliseconds of each answer when every point is read."""
    recognizer, times = Recognizer(model, "cpu"), []
    for digit in digits:
        for number, stroke in enumerate(digit):
            before = tuple(Stroke(points) for points in digit[:number])
            for count in range(1, len(stroke) + 1):
                prediction = recognizer.recognize(Drawing((*before, Stroke(stroke[:count]))))
                times.append(1000 * prediction.seconds if prediction else 0.0)
    return times


def main() -> None:
    torch.set_num_threads(1)
    digits = [record.strokes for record in read_strokes(paths.resource("demo-strokes.jsonl"))]
    with browser() as page:
        for name in ("factory", "residual-100"):
            model = model_named(name)
            program, web = of_the_program(model, digits), of_the_page(page, model, digits)
            for who, times in (("program", program), ("page", web)):
                median, late, worst = np.quantile(times, [0.5, 0.95, 1])
                print(
                    f"{name:<13}{who:<8} {len(times):>4} answers: median {median:5.1f} ms, "
                    f"95 % within {late:5.1f} ms, worst {worst:5.1f} ms"
                )
            print(f"{name:<13}page / program: {np.median(web) / np.median(program):.2f}")


if __name__ == "__main__":
    main()
