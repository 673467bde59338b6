"""What learning from a person's drawings gains: errors before and after, for writers never seen.

python tests/benchmarks/personal.py hand PEN MNIST [--model MODEL]
python tests/benchmarks/personal.py classes PEN

'hand': 2, 5 and 10 digits of each class teach the hand of one writer; all other digits of that
writer are read before and after, and MNIST's test digits. The writers are those of UNIPEN with
enough digits, single ones and those of numbers. With --model, a model that was trained without
strokes, they are those of pendigits-train instead: the factory model was trained on them.

'classes': four drawings of each of ten classes by one writer teach them; other drawings of that
writer are read. No file here has enough letters of one writer, so the classes are invented letters:
the writer's digits, mirrored and lying on their side. Below that, the letters that there are: one
drawing of each teaches ten of them, and the writer's second one is read.

Half of the writers, every other one, is for choosing settings (--choosing), the other is reported.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lenet_desktop import paths
from lenet_desktop.data import catalog
from lenet_desktop.data.stroke_samples import class_name
from lenet_desktop.data.teaching import drawings as teaching
from lenet_desktop.data.teaching.drawings import LabelledDrawing, LabelledDrawings
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Points, place_by_hand
from lenet_desktop.evaluation.metrics import evaluate
from lenet_desktop.models import model_file
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.teaching.hand import learn_hand
from lenet_desktop.training.teaching.own_classes import learn_classes

Outcome = TypeVar("Outcome")
Strokes = Sequence[Points]
ByClass = dict[str, list[Strokes]]

# Of each class a writer has this many drawings at least, to teach and to read afterwards.
FEWEST, LEFT = 5, 0
# The hard corpora of UNIPEN.
HARD = ("unipen_gmd", "unipen_uqb")
FIRST, REST = slice(1), slice(1, None)


def by_writer(files: Sequence[Path]) -> dict[str, ByClass]:
    """Return each writer's drawings by label, those of numbers cut into their digits."""
    found: dict[str, ByClass] = defaultdict(lambda: defaultdict(list))
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        for record, line in zip(read_strokes(file), lines, strict=True):
            # The same writers are named 'apb:...' and 'apple:...' in two files.
            writer = f"{record.source}:{record.writer.rpartition(':')[2]}"
            label = record.label or ""
            groups = json.loads(line).get("groups") if len(label) > 1 else [range(99)]
            for digit, group in zip(label, groups or [], strict=False):
                strokes = [s for index, s in enumerate(record.strokes) if index in group]
                found[writer][digit].append(strokes)
    return found


def some(
    writers: dict[str, ByClass], taught: int, is_choosing: bool, most: int
) -> Iterator[tuple[str, ByClass, ByClass]]:
    """Yield writers with enough digits: what teaches, and what is read afterwards."""
    names = sorted(name for name, digits in writers.items() if fewest(digits) >= FEWEST + LEFT)
    # Alternately in both parts, whatever is taught: a writer never changes sides.
    parts = [
        [name for name in names if name.startswith(HARD) == is_hard] for is_hard in (False, True)
    ]
    chosen = [name for part in parts for name in part[0 if is_choosing else 1 :: 2]]
    for name in [each for each in chosen if fewest(writers[each]) >= taught + LEFT][:most]:
        random = np.random.default_rng(len(name))
        teach, read = {}, {}
        for digit, drawings in sorted(writers[name].items()):
            order = random.permutation(len(drawings))
            teach[digit] = [drawings[index] for index in order[:taught]]
            read[digit] = [drawings[index] for index in order[taught:]]
        yield name, teach, read


def fewest(digits: ByClass) -> int:
    """Return how many drawings there are of the rarest digit."""
    return min(map(len, digits.values())) if len(digits) == 10 else 0


def labelled(by_class: ByClass) -> LabelledDrawings:
    """Return drawings as they are read from a file; none of them is held out."""
    all_of_them = []
    for label, drawings in by_class.items():
        for seed, strokes in enumerate(drawings):
            drawing = place_by_hand(strokes, seed)
            sample = preprocess(rasterize(readable(drawing)))
            assert sample is not None
            image = (sample * 255 + 0.5).astype(np.uint8)
            all_of_them.append(LabelledDrawing(drawing, class_name(label), image, False))
    return LabelledDrawings("the writer's", tuple(all_of_them))


def samples(drawings: LabelledDrawings) -> tuple[NDArray[np.float32], list[str]]:
    images = np.stack([each.image for each in drawings.drawings])
    return images.astype(np.float32) / np.float32(255), [e.label for e in drawings.drawings]


def hand(options: argparse.Namespace) -> None:
    start = model_file.load(options.model or paths.factory_model())
    names = ("unipen-validation", "numbers-validation")
    if options.model:
        names = ("pendigits-train",)
    writers = by_writer([options.pen / f"{name}.jsonl" for name in names])
    data = catalog.mnist(options.mnist)
    for taught in options.taught:
        before = after = count = lost = trained = 0
        seconds = []
        for name, teach, read in some(writers, taught, options.choosing, options.most):
            began = time.perf_counter()
            outcome = finish(learn_hand(labelled(teach), start, data, seed=0))
            seconds.append(time.perf_counter() - began)
            images, labels = samples(labelled(read))
            first, second = (
                int((~evaluate(model, images, labels).is_right).sum())
                for model in (start, outcome.challenger)
            )
            before, after, count = before + first, after + second, count + len(labels)
            lost += outcome.comparison.only_champion - outcome.comparison.only_challenger
            trained += 1
            print(
                f"  {name:<32} {taught:>2} of each: {first:>2} -> {second:>2} of {len(labels)} "
                f"wrong, share {outcome.challenger.card.notes['share']}",
                flush=True,
            )
        if trained:
            drop = 100 * lost / len(data.test) / trained
            print(
                f"{taught:>2} of each, {trained} writers: {before} -> {after} of {count} wrong "
                f"({before / count:.2%} -> {after / count:.2%}); MNIST's test digits "
                f"{-drop:+.3f} points; {np.median(seconds):.1f} s each"
            )


def odd(strokes: Strokes) -> Strokes:
    """Return strokes mirrored and lying on their side."""
    return [-points[:, ::-1] for points in strokes]


def classes(options: argparse.Namespace) -> None:
    pen: Path = options.pen
    files = [pen / f"{name}.jsonl" for name in ("pendigits-train", "unipen-validation")]
    writers = by_writer(files)
    letters = by_writer([pen / "letters-validation.jsonl"])
    # One letter of each kind: none of them is an invented one.
    strange = {letter: all_[:1] for letter, all_ in next(iter(letters.values())).items()}
    invented = {
        name: {digit: [odd(strokes) for strokes in drawings] for digit, drawings in all_.items()}
        for name, all_ in writers.items()
    }
    measure(
        "invented letters, 4 of each",
        [(*each, strange) for each in some(invented, 4, options.choosing, options.most)],
    )
    among = []
    for name, all_ in letters.items():
        ten = sorted(all_)[0 if options.choosing else 1 :: 2][:10]
        teach, read = ({letter: all_[letter][part] for letter in ten} for part in (FIRST, REST))
        others = {letter: all_[letter] for letter in all_ if letter not in ten}
        among.append((name, teach, read, others))
    teaching.MIN_DRAWINGS = 1
    measure("letters, 1 of each", among)


def measure(name: str, among: Sequence[tuple[str, ByClass, ByClass, ByClass]]) -> None:
    """Learn the classes of each writer; print what is read, and what of other things is refused."""
    start = model_file.load(paths.factory_model())
    right = count = refused = 0
    seconds, others_refused = [], []
    for writer, teach, read, others in among:
        drawings = labelled(teach)
        began = time.perf_counter()
        model = finish(learn_classes(drawings, tuple(drawings.counts), start, seed=0))
        seconds.append(time.perf_counter() - began)
        result = evaluate(model, *samples(labelled(read)))
        right, count = right + int(result.is_right.sum()), count + result.count
        refused += int(result.refused.sum())
        strange, _ = samples(labelled(others))
        others_refused.append(evaluate(model, strange, ["?"] * len(strange)).others_refused_share)
        print(f"  {writer:<32} {result.accuracy:.1%} of {result.count}", flush=True)
    print(
        f"{name}: {right} of {count} read correctly ({right / count:.2%}), {refused / count:.1%} "
        f"refused; {np.mean(others_refused):.0%} of other letters refused; "
        f"{np.median(seconds):.1f} s each"
    )


def finish(training: Generator[TrainingProgress, None, Outcome]) -> Outcome:
    while True:
        try:
            next(training)
        except StopIteration as end:
            return end.value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("hand", "classes"))
    parser.add_argument("pen", type=Path)
    parser.add_argument("mnist", type=Path, nargs="?")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--choosing", action="store_true")
    parser.add_argument("--most", type=int, default=99, help="the most writers")
    parser.add_argument("--taught", type=int, nargs="+", default=(2, 5, 10))
    options = parser.parse_args()
    (hand if options.what == "hand" else classes)(options)


if __name__ == "__main__":
    main()
