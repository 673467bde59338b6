"""Step by step through a network: value after value of one map, then the next layer."""

from lenet_desktop.inference.inside.layers import Layer
from lenet_desktop.inference.inside.unit import Unit


class Sweep:
    """A position in a network that moves on value by value, from left to right and down.

    In each layer one map is filled; of a layer of neurons, all of them.

    Attributes:
        layer: the layer that is filled now.
        number: the map that is filled in it.
        filled: how many of its values are there already; the last one is the present unit.
    """

    def __init__(self, layers: tuple[Layer, ...], number: int = 0) -> None:
        self._layers = layers
        self._wanted = number
        self.layer, self.number, self.filled = 0, 0, 0
        self._enter(min(1, len(layers) - 1))

    @property
    def unit(self) -> Unit:
        """The value that is computed now."""
        shape = self._layers[self.layer].shape
        last = self.filled - 1
        if len(shape) == 1:
            return Unit(self.layer, (last,))
        return Unit(self.layer, (self.number, last // shape[2], last % shape[2]))

    @property
    def count(self) -> int:
        """How many values this layer's sweep fills."""
        shape = self._layers[self.layer].shape
        return shape[0] if len(shape) == 1 else shape[1] * shape[2]

    @property
    def is_at_end(self) -> bool:
        """Whether the last value of the last layer is reached."""
        return self.layer == len(self._layers) - 1 and self.filled == self.count

    def step(self, count: int = 1) -> None:
        """Move on by some values, but not beyond the end of this layer; then to the next layer."""
        if self.filled < self.count:
            self.filled = min(self.filled + count, self.count)
        elif not self.is_at_end:
            self._enter(self.layer + 1)

    def next_layer(self) -> None:
        """Move on to the first value of the next layer; to the end of the last one."""
        if self.layer < len(self._layers) - 1:
            self._enter(self.layer + 1)
        else:
            self.filled = self.count

    def _enter(self, layer: int) -> None:
        self.layer, self.filled = layer, 1
        self.number = min(self._wanted, self._layers[layer].shape[0] - 1)
