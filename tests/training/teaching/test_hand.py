"""Learning a person's hand, and whether the result is worth keeping."""

from dataclasses import replace
from pathlib import Path

import pytest

from lenet_desktop import paths
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.data.teaching.drawings import LabelledDrawings, read_drawings
from lenet_desktop.evaluation.compare import Better, compare
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.teaching import hand
from lenet_desktop.training.teaching.hand import Advice, HandOutcome, learn_hand
from own_drawings import drawn, line
from small_models import a_model, images
from trainings import few_digits, finish, to_the_end


@pytest.fixture(scope="module")
def factory() -> Model:
    return model_file.load(paths.factory_model())


def read(path: Path, count: int) -> LabelledDrawings:
    """Return the drawings of somebody who writes a 7 like a bolt, and a 1 like an arrow."""
    lines = [line("7", drawn("bolt", seed)) for seed in range(count)]
    lines += [line("1", drawn("arrow", seed)) for seed in range(count)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_drawings(path)


def test_a_strange_hand_is_learned_and_little_is_forgotten(
    factory: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    smaller = replace(hand.HAND_RECIPE, pen_digits=500, outliers=300)
    monkeypatch.setattr(hand, "HAND_RECIPE", smaller)
    drawings = read(tmp_path / "mine.jsonl", 30)
    records, outcome = to_the_end(learn_hand(drawings, factory, starter_digits(), seed=1))
    assert records[-1].step == records[-1].steps
    assert outcome.hand is not None and outcome.hand.champion is not None
    held_out = sum(each.is_held_out for each in drawings.drawings)
    assert outcome.hand.challenger.count == held_out
    assert outcome.hand.data == f"{held_out} held-out drawings of yours"
    assert outcome.hand.champion.accuracy < 0.1
    assert outcome.hand.challenger.accuracy > 0.3
    assert outcome.hand.verdict is Better.CHALLENGER
    assert outcome.comparison.challenger.count == 1000
    assert outcome.comparison.challenger.accuracy > outcome.comparison.champion.accuracy - 0.006
    card = outcome.challenger.card
    assert card.test_accuracy == outcome.comparison.challenger.accuracy
    assert card.tested_on == "starter digits"
    assert card.data.startswith(f"{60 - held_out} drawings of a person's own and starter digits, ")
    assert "It begins with LeNet-5: " in card.data
    model_file.save(outcome.challenger, tmp_path / "model.safetensors")
    assert model_file.load(tmp_path / "model.safetensors").card == card


def test_held_out_drawings_change_nothing_of_the_training(
    factory: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(hand.HAND_RECIPE, pen_digits=0, outliers=20)
    monkeypatch.setattr(hand, "HAND_RECIPE", small)
    drawings = read(tmp_path / "mine.jsonl", 8)
    without = replace(
        drawings, drawings=tuple(each for each in drawings.drawings if not each.is_held_out)
    )
    assert 0 < len(without.drawings) < len(drawings.drawings)
    one, other = (
        finish(learn_hand(each, factory, few_digits(), seed=1)) for each in (drawings, without)
    )
    assert one.challenger.card == other.challenger.card
    assert other.hand is None
    assert (one.advice, other.advice) == (Advice.TOO_FEW, Advice.TOO_FEW)


def test_drawings_that_are_no_digits_are_refused(factory: Model, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line("heart", drawn("bolt", 0)), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"'heart', which is none of the classes 0, 1, 2"):
        next(learn_hand(read_drawings(path), factory, few_digits(), seed=1))


def test_there_must_be_something_to_learn_from(factory: Model, tmp_path: Path) -> None:
    drawings = read(tmp_path / "mine.jsonl", 8)
    only = replace(drawings, drawings=tuple(e for e in drawings.drawings if e.is_held_out))
    with pytest.raises(DatasetError, match=r"All drawings in .* are held out"):
        next(learn_hand(only, factory, few_digits(), seed=1))


# What to advise. Both models read the first pixel of an image; each takes one digit for another.


def advice(hand_labels: list[int], digit_labels: list[int], *, before: int, after: int) -> Advice:
    champion, challenger = a_model(DIGITS, wrong=before), a_model(DIGITS, wrong=after)

    def on(labels: list[int]) -> object:
        return compare(champion, challenger, images(*labels), [str(x) for x in labels], "some")

    return HandOutcome(challenger, "a", on(digit_labels), on(hand_labels)).advice


DIGIT_ROW = list(range(10)) * 100


@pytest.mark.parametrize(
    ("hand_labels", "digit_labels", "expected"),
    [
        # Six more of the person's drawings are the fewest that are significant.
        ([7] * 6 + [3] * 4, DIGIT_ROW, Advice.KEEP),
        ([7] * 5 + [3] * 5, DIGIT_ROW, Advice.NO_DIFFERENCE),
        ([7] * 9, DIGIT_ROW, Advice.TOO_FEW),
        ([8] * 10, DIGIT_ROW, Advice.WORSE_HAND),
        # Of 1,000 digits one may be lost.
        ([7] * 10, [8] + [3] * 999, Advice.KEEP),
        ([7] * 10, [8] * 2 + [3] * 998, Advice.WORSE_DIGITS),
        ([7] * 10, [8] * 2 + [7] + [3] * 997, Advice.KEEP),
    ],
)
def test_what_is_advised(hand_labels: list[int], digit_labels: list[int], expected: Advice) -> None:
    assert advice(hand_labels, digit_labels, before=7, after=8) is expected


def test_without_held_out_drawings_it_cannot_be_told() -> None:
    digits = compare(a_model(DIGITS), a_model(DIGITS), images(1), ["1"], "some")
    assert HandOutcome(a_model(DIGITS), "a", digits).advice is Advice.TOO_FEW
