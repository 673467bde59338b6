"""Learn the weights of the path through a number, and report how well they read.

python tests/benchmarks/numbers/number_path.py PEN [--output resources/number-path.json]
python tests/benchmarks/numbers/number_path.py PEN --pictures \\
    [--output resources/number-path-pictures.json]

PEN is a folder with numbers-validation.jsonl, composed-numbers-validation.jsonl,
unipen-validation.jsonl, whose single digits are numbers of length one, and
letters-validation.jsonl, which is only read. The weights maximize the likelihood of the right text,
summed over all ways to divide a number (the forward algorithm), minus a penalty on their squares.
The report is by five-fold cross-validation over writers; the weights in the file are learned from
all of them. It takes two minutes, and always gives the same weights. With --pictures the strokes
are drawn, forgotten and traced again (five minutes).
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from number_lines import FILES, LETTERS, SYNTHETIC, Item, read_items
from torch import Tensor

from lenet_desktop import paths
from lenet_desktop.evaluation.numbers import NumberAnswer, NumberEvaluation
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.lattice import Lattice
from lenet_desktop.inference.numbers import NumberReader, judge
from lenet_desktop.inference.path_features import AS_CLASS, BORDER, CANDIDATE
from lenet_desktop.inference.path_weights import PathWeights
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models.model_card import DIGITS

ABOUT = (
    "The weights of the path through a number; lenet_desktop/inference/path_features.py explains "
    "them. Learned by tests/benchmarks/numbers/number_path.py from UNIPEN train_r01_v07 by "
    "I. Guyon et al., Zenodo doi 10.5281/zenodo.1195803, CC BY 4.0, from Pen-Based Recognition of "
    "Handwritten Digits by E. Alpaydin and F. Alimoglu, UCI Machine Learning Repository, CC BY "
    "4.0, and from synthetic lines."
)
FOLDS = 5
# From 0.25 to 2 the accuracies differ by no more than between two divisions into folds.
PENALTY = 0.5
ITERATIONS = 80
SYMBOLS = "0123456789?"
"""The classes as they are written in labels; the last is none of the digits."""
LEAST = -25.0  # A number that cannot be read right counts no more than this.
NEVER = -1e9
BATCH = 400


class Batch:
    """Numbers of about the same number of candidates, padded to the largest."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        rows, width = len(items), max(len(i.first) for i in items)
        edges = max(len(i.left) for i in items)
        length = max(len(i.label) for i in items)
        self.candidates = torch.zeros(rows, width, len(CANDIDATE) + 1)
        self.log_probabilities = torch.zeros(rows, width, len(DIGITS))
        self.as_class = torch.zeros(rows, width, len(AS_CLASS))
        self.borders = torch.zeros(rows, edges, len(BORDER))
        # Candidates that are no neighbours have the border number ``edges``.
        self.border_of = torch.full((rows, width, width), edges)
        self.is_candidate = torch.zeros(rows, width, dtype=torch.bool)
        self.begins, self.ends = self.is_candidate.clone(), self.is_candidate.clone()
        self.label = torch.zeros(rows, length, dtype=torch.int64)
        self.length = torch.tensor([len(i.label) for i in items])
        for row, i in enumerate(items):
            n, m = len(i.first), len(i.left)
            self.candidates[row, :n] = torch.from_numpy(i.candidates)
            self.log_probabilities[row, :n] = torch.from_numpy(i.log_probabilities)
            self.as_class[row, :n] = torch.from_numpy(i.as_class)
            self.borders[row, :m] = torch.from_numpy(i.borders)
            self.border_of[row, i.left, i.right] = torch.arange(m)
            self.is_candidate[row, :n] = True
            self.begins[row, :n] = torch.tensor(i.first) == 0
            self.ends[row, :n] = torch.tensor(i.last) == max(i.last)
            self.label[row, : len(i.label)] = torch.tensor([SYMBOLS.index(c) for c in i.label])


def batches(items: Sequence[Item]) -> list[Batch]:
    ordered = sorted(items, key=lambda i: len(i.first))
    made, start = [], 0
    while start < len(ordered):
        end, most = start, len(ordered[start].first) * 1.4 + 1
        while end < min(len(ordered), start + BATCH) and len(ordered[end].first) <= most:
            end += 1
        made.append(Batch(ordered[start:end]))
        start = end
    return made


class Weights:
    """The weights as tensors; at first only the network counts."""

    def __init__(self) -> None:
        self.candidate = torch.zeros(len(CANDIDATE) + 1)
        self.candidate[-1] = -5
        self.none = torch.tensor([5.0])
        self.log_probability = torch.ones(1)
        self.as_class = torch.zeros(len(AS_CLASS), len(DIGITS) + 1)
        self.border = torch.zeros(len(BORDER))
        self.all = [
            self.candidate,
            self.log_probability,
            self.none,
            self.as_class,
            self.border,
        ]

    def scores(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the scores of candidates (B, N, 11) and of borders (B, N, N)."""
        own = (batch.candidates @ self.candidate).unsqueeze(2) + batch.as_class @ self.as_class
        none = self.none * batch.candidates[:, :, -1:]
        own = own + torch.cat([self.log_probability * batch.log_probabilities, none], dim=2)
        own = own.masked_fill(~batch.is_candidate.unsqueeze(2), NEVER)
        border = torch.cat([batch.borders @ self.border, torch.full((len(own), 1), NEVER)], dim=1)
        return own, border.gather(1, batch.border_of.flatten(1)).view(batch.border_of.shape)

    def log_likelihood(self, batch: Batch) -> Tensor:
        """Return the log-likelihood of each label, (B,)."""
        own, border = self.scores(batch)
        wanted = own.gather(2, batch.label.unsqueeze(1).expand(-1, own.shape[1], -1))
        every = own.logsumexp(2)
        begin = torch.where(batch.begins, 0.0, NEVER)
        end = torch.where(batch.ends, 0.0, NEVER)
        any_text: list[Tensor] = []  # (B,) for each candidate: all paths that end with it
        right: list[Tensor] = []  # (B, L): those that read the first digits of the label
        for node in range(own.shape[1]):
            start, begun = begin[:, node], torch.full_like(wanted[:, node, 1:], NEVER)
            if node:
                step = border[:, :node, node]
                start = torch.logaddexp(start, (torch.stack(any_text, 1) + step).logsumexp(1))
                begun = (torch.stack(right, 1)[:, :, :-1] + step.unsqueeze(2)).logsumexp(1)
            any_text.append(start + every[:, node])
            right.append(torch.cat([begin[:, node : node + 1], begun], 1) + wanted[:, node])
        last = (batch.length - 1).view(-1, 1, 1).expand(-1, own.shape[1], 1)
        texts = torch.stack(right, 1).gather(2, last).squeeze(2)
        return (texts + end).logsumexp(1) - (torch.stack(any_text, 1) + end).logsumexp(1)

    def fit(self, items: Sequence[Item]) -> "Weights":
        """Learn from numbers (L-BFGS)."""
        begun = [w.clone() for w in self.all]
        made = batches(items)
        for w in self.all:
            w.requires_grad_()
        optimizer = torch.optim.LBFGS(
            self.all, max_iter=ITERATIONS, history_size=20, line_search_fn="strong_wolfe"
        )

        def closure() -> Tensor:
            optimizer.zero_grad()
            loss = -torch.stack([self.log_likelihood(b).clamp(min=LEAST).sum() for b in made]).sum()
            # Half a number for each of its two drawings.
            loss = loss / 2
            loss = loss + PENALTY * sum(
                ((w - w0) ** 2).sum() for w, w0 in zip(self.all, begun, strict=True)
            )
            loss.backward()
            return loss

        optimizer.step(closure)
        for w in self.all:
            w.requires_grad_(False)
        return self

    def frozen(self) -> PathWeights:
        """Return the weights as the program uses them."""

        def rounded(w: Tensor) -> np.ndarray:
            return np.round(w.double().numpy(), 3)

        return PathWeights(
            candidate=rounded(self.candidate[:-1]),
            border=rounded(self.border),
            as_class=rounded(self.as_class),
            log_probability=float(rounded(self.log_probability)[0]),
            energy=float(rounded(self.candidate)[-1]),
            energy_of_none=float(rounded(self.none)[0]),
        )


def decode(weights: Weights, items: Sequence[Item]) -> list[NumberAnswer]:
    """Return the best reading of each number."""
    answers = []
    for i in items:
        own = i.candidates @ weights.candidate.double().numpy()
        scores = own[:, None] + i.as_class @ weights.as_class.double().numpy()
        scores[:, :-1] += weights.log_probability.item() * i.log_probabilities
        scores[:, -1] += weights.none.item() * i.candidates[:, -1]
        border = i.borders @ weights.border.double().numpy()
        path = Lattice(i.first, i.last, scores, (i.left, i.right, border)).best_path()
        judged = [
            judge(scores[node], float(share))
            for node, share in zip(path.candidates, path.shares, strict=True)
        ]
        text = "".join(DIGITS[int(probabilities.argmax())] for probabilities, _ in judged)
        is_sure = all(verdict is Verdict.DIGIT for _, verdict in judged)
        answers.append(NumberAnswer(i.label, text, is_sure, i.writer))
    return answers


def report(name: str, answers: Sequence[NumberAnswer]) -> None:
    # Nothing that is not a digit can be read right.
    known = [a for a in answers if "?" not in a.label]
    others = [a for a in answers if "?" in a.label]
    if known:
        result = NumberEvaluation(tuple(known))
        print(
            f"{name:42} {result.accuracy:7.2%} of {len(known):5,} right, digits "
            f"{result.digit_accuracy:7.2%}, count wrong {result.wrong_count:6.2%}, refused "
            f"{result.refused:6.2%}, of the others {result.accuracy_answered:7.2%} right"
        )
    if others:
        result = NumberEvaluation(tuple(others))
        print(f"{name + ', with letters':42} {result.refused:7.2%} of {len(others):5,} refused")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pen", type=Path)
    parser.add_argument("--model", type=Path, default=paths.factory_model())
    parser.add_argument("--pictures", action="store_true", help="forget the strokes")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    recognizer = Recognizer.from_file(options.model, "cpu")
    reader = NumberReader(recognizer, Weights().frozen())
    items = read_items(options.pen, reader, recognizer.card, as_pictures=options.pictures)
    known = [i for i in items if i.name != LETTERS]
    writers = sorted({i.writer for i in items})
    np.random.default_rng(0).shuffle(writers)
    fold = {writer: number % FOLDS for number, writer in enumerate(writers)}
    read: dict[Item, NumberAnswer] = {}
    for number in range(FOLDS):
        weights = Weights().fit(
            [i for i in items if fold[i.writer] != number and i.name != LETTERS]
        )
        held_out = [i for i in items if fold[i.writer] == number]
        read.update(zip(held_out, decode(weights, held_out), strict=True))
    for name in (*FILES, SYNTHETIC):
        for is_mouse in (False, True)[: 1 + (name != SYNTHETIC)]:
            some = [i for i in items if i.name == name and i.is_mouse is is_mouse]
            report(f"{name}{', with a mouse' * is_mouse}", [read[i] for i in some])
    if options.output:
        weights = Weights().fit(known)
        text = json.dumps({"about": ABOUT, **weights.frozen().to_json()}, indent=1)
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
