"""How made-up pictures of digits on paper are read, by kind: accuracy, refusals, time.

PYTHONPATH=tests/fixtures python tests/benchmarks/pictures.py MNIST PEN [--count N] [--report]

MNIST and PEN are the folders with MNIST and with unipen-validation.jsonl. Half of the digits are
strokes, half are images. Rules are chosen on digits of MNIST's training images and of one half of
the writers; --report takes MNIST's test images, the other writers and another seed.

'plain' is the baseline: the whole picture reduced to 28x28, its contrast stretched, and shown to
the same network. 'sure wrong' is wrong without a question mark, a digit where there is none
included. To compare two versions of the program, name the folder of the other one in PYTHONPATH.
"""

import argparse
import io
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from lenet_desktop import paths
from lenet_desktop.data.idx import read_idx
from lenet_desktop.drawing.picture import read_picture
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.errors import UserError
from lenet_desktop.inference.numbers import NumberReader
from lenet_desktop.inference.recognizer import Recognizer
from paper.kinds import KINDS, picture
from paper.no_drawings import NO_DRAWINGS, no_drawing
from paper.pen import Digit

CHOOSING_SEED, REPORT_SEED = 1, 3


@dataclass(frozen=True)
class Answer:
    """What was read; ``text`` is '' where the picture was refused as a whole."""

    label: str
    text: str
    is_sure: bool
    plain: str
    seconds: float
    refusal: str = ""

    @property
    def is_right(self) -> bool:
        return self.text == self.label


def digits_of(mnist: Path, pen: Path, *, report: bool) -> tuple[list[Digit], list[str]]:
    """Return digits and their labels, strokes and images in turn."""
    records = [
        record
        for record in read_strokes(pen / "unipen-validation.jsonl")
        if (zlib.crc32(record.writer.encode()) % 2 == 1) == report
    ]
    records = [records[i] for i in np.random.default_rng(0).permutation(len(records))]
    name, count = ("t10k", 10_000) if report else ("train", 60_000)
    raw = mnist / "MNIST" / "raw"
    images = read_idx(raw, f"{name}-images-idx3-ubyte", (count, 28, 28))[-10_000:]
    labels = read_idx(raw, f"{name}-labels-idx1-ubyte", (count,))[-10_000:]
    digits: list[Digit] = []
    names: list[str] = []
    for record, image, label in zip(records, images, labels, strict=False):
        digits += [record.strokes, image]
        names += [str(record.label), str(label)]
    return digits, names


def plain(content: bytes, recognizer: Recognizer) -> str:
    """Return the class of the picture reduced to 28x28."""
    grey = np.asarray(Image.open(io.BytesIO(content)).convert("L"), np.float32)
    if np.median(grey) > (grey.min() + grey.max()) / 2:
        grey = 255 - grey
    small = np.asarray(Image.fromarray(grey).resize((28, 28), Image.Resampling.BOX))
    small = (small - small.min()) / max(float(np.ptp(small)), 1e-6)
    return recognizer.predict(small.astype(np.float32)).best_class


def read(content: bytes, label: str, reader: NumberReader, recognizer: Recognizer) -> Answer:
    baseline = plain(content, recognizer)
    start = time.thread_time()
    try:
        ink = read_picture(content)
    except UserError as error:
        return Answer(label, "", False, baseline, time.thread_time() - start, str(error))
    seconds = time.thread_time() - start
    reading = reader.read(Drawing(picture=ink))
    if reading is None:
        return Answer(label, "", False, baseline, seconds)
    return Answer(label, reading.text, reading.is_sure, baseline, seconds)


def row(name: str, answers: Sequence[Answer]) -> str:
    """Return a line of the table of digits."""
    right = np.mean([a.is_right for a in answers])
    resized = np.mean([a.plain == a.label for a in answers])
    empty = np.mean([a.text == "" for a in answers])
    unsure = np.mean([a.text != "" and not a.is_sure for a in answers])
    wrong = np.mean([a.is_sure and not a.is_right for a in answers])
    middle, late = np.quantile([a.seconds for a in answers], [0.5, 0.95]) * 1000
    return (
        f"{name:<16}{len(answers):>5}{resized:>8.1%}{right:>8.1%}{empty:>9.1%}{unsure:>8.1%}"
        f"{wrong:>12.1%}{middle:>8.0f}{late:>8.0f}"
    )


def show(
    kinds: Iterable[str],
    count: int,
    make: Callable[[str, int], tuple[bytes, str]],
    answer: Callable[[bytes, str], Answer],
) -> list[Answer]:
    """Print a line for each kind; return all answers."""
    print(f"{'kind':<16}{'n':>5}{'plain':>8}{'right':>8}{'refused':>9}{'unsure':>8}"
          f"{'sure wrong':>12}{'ms':>8}{'95 %':>8}")  # fmt: skip
    every: list[Answer] = []
    for kind in kinds:
        answers = [answer(*make(kind, number)) for number in range(count)]
        every += answers
        print(row(kind, answers), flush=True)
    print(row("all", every))
    return every


def time_of_large(digits: Sequence[Digit], repeats: int = 5) -> None:
    """Print the time for photographs of 3 and of 12 megapixels."""
    for size in ((2048, 1536), (4000, 3000)):
        seconds = []
        for number in range(repeats):
            small = Image.open(io.BytesIO(picture("photo", digits[number], number)))
            file = io.BytesIO()
            small.resize(size, Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
            start = time.thread_time()
            read_picture(file.getvalue())
            seconds.append(time.thread_time() - start)
        pixels = size[0] * size[1] / 1e6
        print(f"{pixels:.0f} megapixels: {np.median(seconds) * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mnist", type=Path)
    parser.add_argument("pen", type=Path)
    parser.add_argument("--count", type=int, default=100, help="pictures of each kind")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--kinds", nargs="*", default=[*KINDS, *NO_DRAWINGS])
    options = parser.parse_args()
    torch.set_num_threads(1)
    recognizer = Recognizer.from_file(paths.factory_model(), "cpu")
    reader = NumberReader(recognizer)
    digits, labels = digits_of(options.mnist, options.pen, report=options.report)
    seed = REPORT_SEED if options.report else CHOOSING_SEED

    def of_digit(kind: str, number: int) -> tuple[bytes, str]:
        # Other digits for each kind.
        place = (number + 37 * list(KINDS).index(kind)) % len(digits)
        return picture(kind, digits[place], seed * 100_000 + number), labels[place]

    def of_nothing(kind: str, number: int) -> tuple[bytes, str]:
        return no_drawing(kind, seed * 100_000 + number), ""

    def answer(content: bytes, label: str) -> Answer:
        return read(content, label, reader, recognizer)

    wanted = [kind for kind in KINDS if kind in options.kinds]
    if wanted:
        show(wanted, options.count, of_digit, answer)
    nothing = [kind for kind in NO_DRAWINGS if kind in options.kinds]
    if nothing:
        print()
        show(nothing, options.count, of_nothing, answer)
    print()
    time_of_large(digits)


if __name__ == "__main__":
    main()
