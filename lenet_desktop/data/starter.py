"""The starter digits: 5,000 real MNIST training digits inside the program."""

from zipfile import BadZipFile

import numpy as np
import torch

from lenet_desktop import paths
from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData, split_by_class


def starter_digits() -> TrainingData:
    """Give the digits inside the program: 3,500 to train, 500 to choose, 1,000 to test.

    They are the first 500 of each digit in MNIST's training part. ``mnist`` keeps the same 5,000
    for choosing, so a model trained on all of MNIST, such as the factory model, has not trained
    on any of them and can be compared on them with a model trained here.

    Raises:
        DatasetError: the program's own file is damaged.
    """
    try:
        with (
            paths.resource("starter-digits.npz").open("rb") as file,
            np.load(file, allow_pickle=False) as content,
        ):
            images = torch.from_numpy(content["images"])
            labels = torch.from_numpy(content["labels"]).long()
            digits = LabelledImages(images, labels)
            credit = str(content["credit"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise DatasetError(
            "The starter digits of this program are missing or damaged: install it again."
        ) from error
    test, rest = split_by_class(digits, 100)
    validation, train = split_by_class(rest, 50)
    return TrainingData("starter digits", credit, train, validation, test)
