"""The starter digits: 5,000 real training digits of MNIST that are part of the program."""

from zipfile import BadZipFile

import numpy as np
import torch

from lenet_desktop import paths
from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData, split_by_class
from lenet_desktop.models.model_card import DIGITS


def starter_digits() -> TrainingData:
    """Return the starter digits: 3,500 training, 500 validation and 1,000 test digits.

    They are the first 500 of each class of MNIST's training digits. ``catalog.mnist`` uses the
    same 5,000 for validation, so a model trained on MNIST, such as the factory model, was not
    trained on any of them: it can be compared on them with a model trained on the starter digits.

    Raises:
        DatasetError: the program's own file is missing or damaged.
    """
    try:
        with (
            paths.resource("starter-digits.npz").open("rb") as file,
            np.load(file, allow_pickle=False) as content,
        ):
            images = torch.from_numpy(content["images"])
            labels = torch.from_numpy(content["labels"]).long()
            digits = LabelledImages(images, labels, DIGITS)
            credit = str(content["credit"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise DatasetError(
            "The starter digits of this program are missing or damaged: install it again."
        ) from error
    test, rest = split_by_class(digits, 100)
    validation, train = split_by_class(rest, 50)
    return TrainingData("starter digits", credit, train, validation, test)
