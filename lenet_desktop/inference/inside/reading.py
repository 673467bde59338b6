"""All values inside a network for one sample, and the answer that they lead to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lenet_desktop.drawing.preprocess import Sample
from lenet_desktop.inference.inside.layers import Layer, Off, Values

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction


@dataclass(frozen=True, eq=False)
class InsideReading:
    """The values of every layer for a sample, and the prediction.

    Attributes:
        layers: from the sample to the logits; the same object for all readings of a network.
        values: of each layer, of its shape.
        off: the maps and neurons that are switched off.
        prediction: what the network answers with them switched off.
        intact: what it answers with all switched on; the same as ``prediction`` if none is off.
    """

    layers: tuple[Layer, ...]
    values: tuple[Values, ...]
    off: Off
    prediction: "Prediction"
    intact: "Prediction"

    @property
    def sample(self) -> Sample:
        """The sample, float32 (28, 28), 0 to 1."""
        return self.prediction.sample
