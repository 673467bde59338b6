"""How the commands print an answer."""

from lenet_desktop.inference.recognizer import Prediction
from lenet_desktop.percent import percent


def in_words(prediction: Prediction) -> str:
    """Return an answer such as '4 (99.8 %)' or 'not a digit, perhaps 7 (61.3 %)'."""
    doubt = "" if prediction.is_sure else f"{prediction.description}, perhaps "
    return f"{doubt}{prediction.best_class} ({percent(prediction.probability)})"


def in_a_row(lines: str) -> str:
    """Return the lines of a number side by side."""
    return lines.replace("\n", ", ")


def to_json(prediction: Prediction) -> dict[str, object]:
    """Return an answer as JSON values, by name."""
    return {
        "digit": prediction.best_class if prediction.is_sure else None,
        "verdict": prediction.verdict,
        "guess": prediction.best_class,
        "probability": prediction.probability,
        "probabilities": dict(
            zip(prediction.classes, prediction.probabilities.tolist(), strict=True)
        ),
    }
