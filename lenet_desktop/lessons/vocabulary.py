"""The words of a lesson file: the parts of the window, the events, and the training's options.

``resources/lessons/README.md`` explains each of them to those who write lessons.
"""

PARTS = frozenset(
    {
        # the paper and the bar above it
        "paper",
        "clear",
        "brush",
        "kind",
        "train",
        # the answer beside it
        "answer",
        "bars",
        # the strip below
        "strip",
        "strip-paper",
        "strip-box",
        "strip-scaled",
        "strip-centred",
        "strip-answer",
        # the view inside the network
        "inside",
        "inside-answer",
        "inside-switch",
        "inside-all-on",
        "inside-arithmetic",
        "inside-sample",
        "inside-conv1",
        "inside-pool1",
        "inside-conv2",
        "inside-pool2",
        "inside-fc1",
        "inside-fc2",
        "inside-fc3",
        # the training drawer
        "training",
        "recipes",
        "epochs",
        "learning-rate",
        "images",
        "start-training",
        "plot",
        "verdict",
        "discard",
    }
)
"""What a step can point at."""

EVENTS: dict[str, frozenset[str]] = {
    "shown": frozenset(),
    "drawn": frozenset(),
    "cleared": frozenset(),
    "moved": frozenset(),
    "read": frozenset({"class", "verdict"}),
    "read-as": frozenset({"kind"}),
    "stages-differ": frozenset(),
    "preprocessing-off": frozenset({"stage"}),
    "preprocessing-on": frozenset(),
    "pointed": frozenset({"layer"}),
    "switched-off": frozenset({"layer"}),
    "switched-on": frozenset(),
    "option": frozenset({"option", "at_least", "at_most"}),
    "training-started": frozenset(),
    "training-ended": frozenset(),
    "decided": frozenset(),
}
"""What a step can wait for, with the details that may be asked for."""

CHOICES: dict[str, frozenset[str]] = {
    "verdict": frozenset({"sure", "unsure", "refused"}),
    "kind": frozenset({"auto", "digit", "number"}),
    "stage": frozenset({"paper", "box", "scaled"}),
    "option": frozenset({"epochs", "learning-rate", "images", "batch-size"}),
}
"""The values of the details that have fixed ones."""

NUMBERS = frozenset({"at_least", "at_most"})
"""The details that are numbers."""

OPTIONS: dict[str, type | tuple[type, ...]] = {
    "recipe": str,
    "digits": str,
    "epochs": int,
    "batch-size": int,
    "learning-rate": (int, float),
    "images": int,
    "start": str,
    "synthetic": bool,
    "seed": int,
}
"""The training's options that a step can set, and the types of their values."""

OPTION_VALUES: dict[str, frozenset[str]] = {
    "recipe": frozenset({"quick", "tutorial", "thorough"}),
    "digits": frozenset({"starter"}),
    "start": frozenset({"scratch", "model"}),
}
"""The values of the options that are texts."""
