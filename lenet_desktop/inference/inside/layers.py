"""The layers of a network, as a person looks at them, and their values for one sample."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Off = frozenset[tuple[int, int]]
"""What is switched off: pairs of a layer and one of its maps or neurons."""


class LayerKind(Enum):
    """What a layer does."""

    SAMPLE = "sample"
    CONVOLUTION = "convolution"
    POOLING = "pooling"
    LINEAR = "linear"
    SUM = "sum"


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer; what follows it value by value (batch normalization, ReLU) belongs to it.

    Attributes:
        name: the module's name, such as 'conv1' or 'block1.conv2', or one like it, such as 'pool1'.
        kind: what it does.
        sources: the layers that it reads, as indices; two for a sum, one otherwise.
        shape: (maps, height, width), or (neurons,).
        parameters: the number of its weights, biases and normalization factors.
        weight: (maps, maps of the source, window, window) of a convolution, (neurons, values of the
            source) of a linear layer, else None.
        bias: (maps,) or (neurons,), or None.
        window: the side of the kernel, or of the square that is pooled, in values.
        stride, padding: the window's, in values.
        scale, shift: (maps,) of the batch normalization as one multiplication and one addition, or
            None.
        has_relu: whether ReLU follows.
    """

    name: str
    kind: LayerKind
    sources: tuple[int, ...]
    shape: tuple[int, ...]
    parameters: int = 0
    weight: Values | None = None
    bias: Values | None = None
    window: int = 1
    stride: int = 1
    padding: int = 0
    scale: Values | None = None
    shift: Values | None = None
    has_relu: bool = False

    @property
    def has_maps(self) -> bool:
        """Whether its values are maps; if not, they are neurons."""
        return len(self.shape) == 3

    @property
    def shape_text(self) -> str:
        """The shape in the field's notation: '6×28×28', '120'."""
        return "×".join(map(str, self.shape))
