"""The labels, accessible names and tooltips of the training options, in groups."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication


class OptionText(NamedTuple):
    """The texts of one field.

    Attributes:
        label: the label beside the field; '' if the field has its own text.
        name: the accessible name for screen readers.
        tip: the tooltip, which explains the term.
    """

    label: str
    name: str
    tip: str


class OptionGroup(NamedTuple):
    """A group of fields.

    Attributes:
        title: its title, to be shown.
        fields: the texts by the names of the fields, in their order.
    """

    title: str
    fields: dict[str, OptionText]


def option_groups() -> tuple[OptionGroup, ...]:
    """Return all texts in the language of the program."""
    return (
        OptionGroup(QCoreApplication.translate("TrainingOptions", "Training"), _training()),
        OptionGroup(QCoreApplication.translate("TrainingOptions", "Data"), _data()),
        OptionGroup(QCoreApplication.translate("TrainingOptions", "Network"), _network()),
    )


def _training() -> dict[str, OptionText]:
    return {
        "epochs": OptionText(
            QCoreApplication.translate("TrainingOptions", "E&pochs"),
            QCoreApplication.translate("TrainingOptions", "Epochs"),
            QCoreApplication.translate(
                "TrainingOptions", "How many times the network sees every image."
            ),
        ),
        "batch_size": OptionText(
            QCoreApplication.translate("TrainingOptions", "&Batch size"),
            QCoreApplication.translate("TrainingOptions", "Batch size"),
            QCoreApplication.translate(
                "TrainingOptions",
                "Images per step. With larger batches an epoch is faster and the gradient less "
                "noisy, but there are fewer steps.",
            ),
        ),
        "learning_rate": OptionText(
            QCoreApplication.translate("TrainingOptions", "&Learning rate"),
            QCoreApplication.translate("TrainingOptions", "Learning rate"),
            QCoreApplication.translate(
                "TrainingOptions",
                "The size of each step. Too small a rate learns slowly, too large a rate never "
                "settles.",
            ),
        ),
        "optimizer": OptionText(
            QCoreApplication.translate("TrainingOptions", "Optimi&zer"),
            QCoreApplication.translate("TrainingOptions", "Optimizer"),
            QCoreApplication.translate(
                "TrainingOptions",
                "How a gradient becomes a step. Adam and AdamW adapt the size of the step to each "
                "weight; SGD uses the same for all, with momentum.",
            ),
        ),
        "schedule": OptionText(
            QCoreApplication.translate("TrainingOptions", "&Schedule"),
            QCoreApplication.translate("TrainingOptions", "Schedule"),
            QCoreApplication.translate(
                "TrainingOptions",
                "How the learning rate changes during the training: one-cycle rises, then falls "
                "to zero; cosine only falls; constant stays the same.",
            ),
        ),
        "weight_decay": OptionText(
            QCoreApplication.translate("TrainingOptions", "&Weight decay"),
            QCoreApplication.translate("TrainingOptions", "Weight decay"),
            QCoreApplication.translate(
                "TrainingOptions",
                "Pulls every weight a little towards zero at each step, against overfitting.",
            ),
        ),
        "device": OptionText(
            QCoreApplication.translate("TrainingOptions", "Device"),
            QCoreApplication.translate("TrainingOptions", "Device"),
            QCoreApplication.translate("TrainingOptions", "The device that the training runs on."),
        ),
        "fixed_seed": OptionText(
            QCoreApplication.translate("TrainingOptions", "Seed"),
            QCoreApplication.translate("TrainingOptions", "Fixed seed"),
            QCoreApplication.translate(
                "TrainingOptions",
                "The seed decides all random numbers: the same seed gives the same model again. "
                "Without a fixed seed each training gets a new one.",
            ),
        ),
        "seed": OptionText(
            "",
            QCoreApplication.translate("TrainingOptions", "Seed"),
            QCoreApplication.translate("TrainingOptions", "The random seed, if it is fixed."),
        ),
    }


def _data() -> dict[str, OptionText]:
    return {
        "images": OptionText(
            QCoreApplication.translate("TrainingOptions", "Images"),
            QCoreApplication.translate("TrainingOptions", "Training images"),
            QCoreApplication.translate(
                "TrainingOptions",
                "How many of the images the network learns from, as many of each class. With few "
                "images it soon overfits: it knows these and reads others no better.",
            ),
        ),
        "augmentation": OptionText(
            QCoreApplication.translate("TrainingOptions", "Augmentation"),
            QCoreApplication.translate("TrainingOptions", "Augmentation"),
            QCoreApplication.translate(
                "TrainingOptions",
                "Turns, slants, stretches and thickens each image at random, against overfitting.",
            ),
        ),
        "pen_digits": OptionText(
            QCoreApplication.translate("TrainingOptions", "Synthetic"),
            QCoreApplication.translate("TrainingOptions", "Synthetic images"),
            QCoreApplication.translate(
                "TrainingOptions",
                "Adds synthetic digits in the handwriting styles of many countries, distorted at "
                "random and drawn with the pad's brush, and outliers: scribbles, letters and "
                "shapes, from which the network learns to refuse what is not a digit. A network "
                "trained on MNIST alone misreads more of the digits drawn on the pad.",
            ),
        ),
    }


def _network() -> dict[str, OptionText]:
    return {
        "start": OptionText(
            QCoreApplication.translate("TrainingOptions", "Start"),
            QCoreApplication.translate("TrainingOptions", "Start"),
            QCoreApplication.translate(
                "TrainingOptions",
                "Start from random weights, or from the weights of the model in use (transfer "
                "learning).",
            ),
        ),
        "freeze": OptionText(
            "",
            QCoreApplication.translate("TrainingOptions", "Freeze the convolutions"),
            QCoreApplication.translate(
                "TrainingOptions",
                "Trains only the layers after the convolutions; the frozen layers keep their "
                "weights.",
            ),
        ),
        "network": OptionText(
            QCoreApplication.translate("TrainingOptions", "Netwo&rk"),
            QCoreApplication.translate("TrainingOptions", "Network"),
            QCoreApplication.translate(
                "TrainingOptions",
                "The classic LeNet, or a deeper network with residual connections.",
            ),
        ),
        "dropout": OptionText(
            QCoreApplication.translate("TrainingOptions", "Dropout"),
            QCoreApplication.translate("TrainingOptions", "Dropout"),
            QCoreApplication.translate(
                "TrainingOptions",
                "The share of neurons switched off at random at each step, against overfitting.",
            ),
        ),
        "batch_norm": OptionText(
            QCoreApplication.translate("TrainingOptions", "Batch norm"),
            QCoreApplication.translate("TrainingOptions", "Batch normalization"),
            QCoreApplication.translate(
                "TrainingOptions",
                "Batch normalization keeps the values between the layers at one scale, which "
                "makes the training steadier.",
            ),
        ),
    }


def option_names() -> dict[str, str]:
    """Return the names of the entries by their values; other values are shown as they are."""
    return {
        "adam": "Adam",
        "adamw": "AdamW",
        "sgd": "SGD",
        "constant": QCoreApplication.translate("TrainingOptions", "constant"),
        "cosine": QCoreApplication.translate("TrainingOptions", "cosine"),
        "one-cycle": QCoreApplication.translate("TrainingOptions", "one-cycle"),
        "none": QCoreApplication.translate("TrainingOptions", "none"),
        "gentle": QCoreApplication.translate("TrainingOptions", "gentle"),
        "strong": QCoreApplication.translate("TrainingOptions", "strong"),
    }
