"""What a layer is, in words that a student understands."""

from PySide6.QtCore import QCoreApplication

from lenet_desktop.inference.inside.layers import Layer, LayerKind
from lenet_desktop.inference.inside.unit import Unit


def parameters(layer: Layer) -> str:
    """Return the number of its parameters: '156 parameters', '' for a layer without."""
    if not layer.parameters:
        return ""
    text = QCoreApplication.translate("Inside", "{count} parameters")
    return text.format(count=f"{layer.parameters:,}")


def sentence(layer: Layer, layers: tuple[Layer, ...]) -> str:
    """Return one sentence about what a layer does."""
    match layer.kind:
        case LayerKind.SAMPLE:
            return QCoreApplication.translate(
                "Inside", "The drawing as the network is shown it: 0 is paper, 1 is ink."
            )
        case LayerKind.CONVOLUTION:
            text = QCoreApplication.translate(
                "Inside", "Each map shows where its {side}×{side} filter finds its pattern."
            )
        case LayerKind.POOLING if layer.shape[1:] == (1, 1):
            return QCoreApplication.translate("Inside", "Keeps the largest value of each map.")
        case LayerKind.POOLING:
            text = QCoreApplication.translate(
                "Inside",
                "Keeps the largest of each {side}×{side} values: small shifts matter less.",
            )
        case LayerKind.SUM:
            return QCoreApplication.translate(
                "Inside", "Adds what the block has found to what came into it."
            )
        case LayerKind.LINEAR if layer is layers[-1]:
            return QCoreApplication.translate(
                "Inside", "One number a class, the logits; softmax turns them into probabilities."
            )
        case LayerKind.LINEAR:
            return QCoreApplication.translate(
                "Inside", "Each neuron weighs all values of the layer before and adds them up."
            )
    return text.format(side=layer.window)


def unit_name(unit: Unit, layers: tuple[Layer, ...], classes: tuple[str, ...]) -> str:
    """Return a unit's name: 'conv1, map 3, row 10, column 12'; maps count from 1."""
    layer = layers[unit.layer]
    if layer.kind is LayerKind.SAMPLE:
        text = QCoreApplication.translate("Inside", "{layer}, row {row}, column {column}")
    elif layer.has_maps:
        text = QCoreApplication.translate(
            "Inside", "{layer}, map {number}, row {row}, column {column}"
        )
    elif layer is layers[-1]:
        return QCoreApplication.translate("Inside", "logit of {name}").format(
            name=classes[unit.number]
        )
    else:
        text = QCoreApplication.translate("Inside", "{layer}, neuron {number}")
    row, column = (each + 1 for each in (*unit.place[1:], 0, 0)[:2])
    return text.format(layer=layer.name, number=unit.number + 1, row=row, column=column)


def part_name(layer: Layer, number: int) -> str:
    """Return the name of a map or neuron: 'map 3 of conv1'; they count from 1."""
    text = (
        QCoreApplication.translate("Inside", "map {number} of {layer}")
        if layer.has_maps
        else QCoreApplication.translate("Inside", "neuron {number} of {layer}")
    )
    return text.format(number=number + 1, layer=layer.name)
