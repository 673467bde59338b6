"""What is said about a model of new classes."""

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.evaluation.compare import compare
from lenet_desktop.models import model_file
from lenet_desktop.training.teaching.classes_job import ClassesOutcome
from lenet_desktop.ui.training.after.verdict import verdict_sentence


@pytest.mark.parametrize(
    ("wrong", "sentence"), [(0, "It has learned your classes"), (40, "It confuses some")]
)
def test_it_says_whether_the_classes_were_learned(wrong: int, sentence: str) -> None:
    model = model_file.load(paths.factory_model())
    digits = starter_digits().validation
    images, labels = digits.images[:100].numpy(), np.array(digits.names[:100])
    labels[:wrong] = np.roll(labels[:wrong], 1)
    comparison = compare(model, model, images, labels.tolist(), "100 new distortions")
    said = verdict_sentence(ClassesOutcome(model, "LeNet-5", comparison))
    assert said.startswith(sentence)
    assert "of 100 new distortions" in said
