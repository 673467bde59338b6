"""From a network to its layers, and from a sample to the values of each layer."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import numpy as np
import torch
from torch import Tensor, fx, nn
from torch.nn import functional as F  # noqa: N812 -- PyTorch's usual name for it

from lenet_desktop.drawing.preprocess import Sample
from lenet_desktop.inference.inside.layers import Layer, LayerKind, Off, Values

_POOLS = {F.max_pool2d: "pool", F.adaptive_max_pool2d: "pool"}


# Two at once would not restore ``nn.Module`` as it was.
_tracing = Lock()


class _Tracer(fx.Tracer):
    """Records one network only.

    While torch.fx traces, the calls of all modules in all threads come here: without this class
    those of another network, such as one that is being trained, would raise a NameError.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._own = set(network.modules())

    def call_module(
        self,
        m: nn.Module,
        forward: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Record the call of one of the network's modules; run another one as usual."""
        if m not in self._own:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)


@dataclass
class _Step:
    """A node of the graph, and the layer that it belongs to; ``ends`` if the layer's values are
    its result.
    """

    node: fx.Node
    layer: int
    ends: bool = False


@dataclass
class _Plan:
    """The steps of a network in order, and the layers that they make."""

    steps: list[_Step] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)


class LayerReader:
    """Reads the values of all layers of a network.

    What layers there are, and what each reads, is taken from the network itself: torch.fx records
    the operations of its ``forward``.

    Attributes:
        layers: from the sample to the logits.
    """

    def __init__(self, network: nn.Module) -> None:
        """Take a network in evaluation mode.

        Raises:
            ValueError: the network does something that is no layer of an image classifier.
        """
        self._network = network
        self._modules = dict(network.named_modules())
        with _tracing:
            graph = _Tracer(network).trace(network)
        plan = _Plan()
        with torch.inference_mode():
            self._plan(graph, plan)
        self._steps = plan.steps
        self.layers = tuple(plan.layers)

    def read(self, sample: Sample, off: Off = frozenset()) -> tuple[Values, ...]:
        """Return the values of each layer.

        Args:
            sample: float32 (28, 28), 0 to 1.
            off: the maps and neurons whose values are replaced by 0; those that this network does
                not have are ignored: they belong to another model.
        """
        device = next(self._network.parameters()).device
        results: dict[fx.Node, Any] = {}
        values: list[Tensor] = [torch.empty(0)] * len(self.layers)
        with torch.inference_mode():
            for step in self._steps:
                if step.node.op == "placeholder":
                    result = torch.from_numpy(sample[np.newaxis, np.newaxis]).to(device)
                else:
                    result = self._run(step.node, results)
                if step.ends:
                    count = result.shape[1]
                    units = [unit for layer, unit in off if layer == step.layer and unit < count]
                    if units:
                        result = result.clone()
                        result[:, units] = 0
                    values[step.layer] = result
                results[step.node] = result
        return tuple(
            each[0].float().cpu().numpy().reshape(layer.shape)
            for each, layer in zip(values, self.layers, strict=True)
        )

    def _run(self, node: fx.Node, results: dict[fx.Node, Any]) -> Tensor:
        args = fx.map_arg(node.args, results.__getitem__)
        options = fx.map_arg(node.kwargs, results.__getitem__)
        if node.op == "call_module":
            result: Tensor = self._modules[str(node.target)](*args, **options)
        elif node.op == "call_method":
            result = getattr(args[0], str(node.target))(*args[1:], **options)
        else:
            assert callable(node.target)
            result = node.target(*args, **options)
        return result

    def _plan(self, graph: fx.Graph, plan: _Plan) -> None:
        device = next(self._network.parameters()).device
        results: dict[fx.Node, Any] = {}
        layer_of: dict[fx.Node, int] = {}
        for node in graph.nodes:
            if node.op == "output":
                break
            if node.op == "placeholder":
                results[node] = torch.zeros(1, 1, 28, 28, device=device)
                layer = Layer("sample", LayerKind.SAMPLE, (), (1, 28, 28))
                starts = True
            else:
                results[node] = self._run(node, results)
                sources = [layer_of[each] for each in node.all_input_nodes]
                made = self._layer(node, plan.layers, sources, results[node])
                starts = made is not None
                layer = made or plan.layers[sources[0]]
            if starts:
                plan.layers.append(layer)
                layer_of[node] = len(plan.layers) - 1
            else:
                place = layer_of[node.all_input_nodes[0]]
                layer_of[node] = place
                plan.layers[place] = self._continued(node, plan.layers[place])
            step = _Step(node, layer_of[node])
            if not _is_reshaping(node):
                # Its layer's values are those after the last operation.
                for other in plan.steps:
                    other.ends = other.ends and other.layer != step.layer
                step.ends = True
            plan.steps.append(step)

    def _layer(
        self, node: fx.Node, layers: list[Layer], sources: list[int], result: Tensor
    ) -> Layer | None:
        """Return the layer that a node begins, or None if it continues its source's."""
        shape = tuple(result.shape[1:])
        module = self._modules.get(str(node.target)) if node.op == "call_module" else None
        if isinstance(module, nn.Conv2d):
            if module.groups != 1 or module.dilation != (1, 1):
                raise ValueError(f"{node.target} is a convolution of an unknown kind")
            assert isinstance(module.padding, tuple)
            return Layer(
                str(node.target),
                LayerKind.CONVOLUTION,
                (sources[0],),
                shape,
                sum(p.numel() for p in module.parameters()),
                _numpy(module.weight),
                _numpy(module.bias),
                module.kernel_size[0],
                module.stride[0],
                module.padding[0],
            )
        if isinstance(module, nn.Linear):
            return Layer(
                str(node.target),
                LayerKind.LINEAR,
                (sources[0],),
                shape,
                sum(p.numel() for p in module.parameters()),
                _numpy(module.weight),
                _numpy(module.bias),
            )
        if node.op == "call_function" and node.target in _POOLS:
            source = layers[sources[0]]
            window = source.shape[1] // shape[1]
            number = 1 + sum(layer.kind is LayerKind.POOLING for layer in layers)
            pooled = shape if shape[1:] != (1, 1) else (shape[0], 1, 1)
            return Layer(
                f"pool{number}",
                LayerKind.POOLING,
                (sources[0],),
                pooled,
                window=window,
                stride=window,
            )
        if node.target is operator.add:
            number = 1 + sum(layer.kind is LayerKind.SUM for layer in layers)
            return Layer(f"sum{number}", LayerKind.SUM, tuple(sources), shape)
        return None

    def _continued(self, node: fx.Node, layer: Layer) -> Layer:
        """Return a layer with what a node does to each of its values."""
        module = self._modules.get(str(node.target)) if node.op == "call_module" else None
        if node.target is F.relu or isinstance(module, nn.ReLU):
            return replace(layer, has_relu=True)
        if isinstance(module, nn.BatchNorm2d) and layer.scale is None and not layer.has_relu:
            assert module.running_mean is not None and module.running_var is not None
            scale = module.weight / torch.sqrt(module.running_var + module.eps)
            return replace(
                layer,
                scale=_numpy(scale),
                shift=_numpy(module.bias - module.running_mean * scale),
                parameters=layer.parameters + sum(p.numel() for p in module.parameters()),
            )
        if _is_reshaping(node) or isinstance(module, nn.Identity | nn.Dropout):
            return layer
        what = type(module).__name__ if module is not None else node.name
        raise ValueError(f"{what} is no layer that can be shown")


def _is_reshaping(node: fx.Node) -> bool:
    return node.target is torch.flatten or node.target == "flatten"


def _numpy(values: Tensor | None) -> Values | None:
    return None if values is None else values.detach().float().cpu().numpy().copy()
