"""The labels, accessible names and tooltips of the training options."""

from typing import NamedTuple


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


LEFT_COLUMN = {
    "data": OptionText("&Data", "Data", "The images to train on."),
    "recipe": OptionText(
        "&Recipe",
        "Recipe",
        "Sets all options below: 'quick' is the fastest way to 99 %, 'tutorial' is the usual loop "
        "of tutorials, 'thorough' gives the best LeNet and takes minutes.",
    ),
    "epochs": OptionText("&Epochs", "Epochs", "How many times the network sees every image."),
    "batch_size": OptionText(
        "&Batch size",
        "Batch size",
        "Images per step. With larger batches an epoch is faster and the gradient less noisy, but "
        "there are fewer steps.",
    ),
    "learning_rate": OptionText(
        "&Learning rate",
        "Learning rate",
        "The size of each step. Too small a rate learns slowly, too large a rate never settles.",
    ),
    "optimizer": OptionText(
        "Optimi&zer",
        "Optimizer",
        "How a gradient becomes a step. Adam and AdamW adapt the size of the step to each weight; "
        "SGD uses the same for all, with momentum.",
    ),
    "schedule": OptionText(
        "&Schedule",
        "Schedule",
        "How the learning rate changes during the training: one-cycle rises, then falls to zero; "
        "cosine only falls; constant stays the same.",
    ),
    "weight_decay": OptionText(
        "&Weight decay",
        "Weight decay",
        "Pulls every weight a little towards zero at each step, against overfitting.",
    ),
}
RIGHT_COLUMN = {
    "augmentation": OptionText(
        "Augmentation",
        "Augmentation",
        "Turns, slants, stretches and thickens each image at random, against overfitting.",
    ),
    "pen_digits": OptionText(
        "Synthetic",
        "Synthetic images",
        "Adds synthetic digits in the handwriting styles of many countries, distorted at random "
        "and drawn with the pad's brush, and outliers: scribbles, letters and shapes, from which "
        "the network learns to refuse what is not a digit. A network trained on MNIST alone "
        "misreads more of the digits drawn on the pad.",
    ),
    "network": OptionText(
        "&Network", "Network", "The classic LeNet, or a deeper network with residual connections."
    ),
    "dropout": OptionText(
        "Dropout",
        "Dropout",
        "The share of neurons switched off at random at each step, against overfitting.",
    ),
    "batch_norm": OptionText(
        "Batch norm",
        "Batch norm",
        "Batch normalization keeps the values between the layers at one scale, which makes the "
        "training steadier.",
    ),
    "start": OptionText(
        "Start",
        "Start",
        "Start from random weights, or from the weights of the model in use (transfer learning).",
    ),
    "freeze": OptionText(
        "",
        "Freeze the convolutions",
        "Trains only the layers after the convolutions; the frozen layers keep their weights.",
    ),
    "seed": OptionText(
        "Seed", "Seed", "The random seed: the same seed gives the same model again."
    ),
    "device": OptionText("Device", "Device", "The device that the training runs on."),
}
