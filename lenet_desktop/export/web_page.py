"""A model as a web page: the pad in one HTML file that needs no network and no server.

The page's own files are in ``resources/web-pad``. Its JavaScript does the same as the program:
brush, legibility, preprocessing and decision. The layers of the network are data, so that a page
can hold any of our networks.
"""

import base64
import hashlib
import html
import json
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lenet_desktop import paths
from lenet_desktop.atomic_write import replace_file
from lenet_desktop.errors import UserError
from lenet_desktop.export.description import MADE_BY, rows
from lenet_desktop.inference.inside.layer_reader import LayerReader
from lenet_desktop.inference.inside.layers import Layer, LayerKind
from lenet_desktop.models.model_file import Model

_FOLDER = "web-pad"
# In this order: later files use what earlier ones define.
_SCRIPTS = (
    "reading/raster.js",
    "reading/curves.js",
    "reading/legibility.js",
    "reading/side-by-side.js",
    "reading/preprocess.js",
    "reading/network.js",
    "reading/recognizer.js",
    "pad/paper.js",
    "pad/answer.js",
    "pad/main.js",
)


def write_web_page(model: Model, path: Path) -> None:
    """Write a model as a web page, atomically; the same model always gives the same bytes.

    Raises:
        UserError: the network has layers that the page does not know, or the file cannot be
            written.
    """
    content = _page(model).encode()
    try:
        replace_file(path, content)
    except OSError as error:
        raise UserError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


def _page(model: Model) -> str:
    script = "\n".join(_part(name) for name in _SCRIPTS)
    # Within a function its names are not those of the browser's own objects.
    script = f'(() => {{\n"use strict";\n{script}\n}})();\n'
    style = _part("style.css")
    title = html.escape(model.card.title or "LeNet")
    card = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>" for name, text in rows(model)
    )
    return Template(_part("page.html")).substitute(
        # Only this style and this script; nothing from elsewhere, not even from the same folder.
        policy=(
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
        generator=html.escape(MADE_BY),
        title=title,
        style=style,
        card=card,
        model=_as_json(_data(model)),
        script=script,
    )


def _part(name: str) -> str:
    return (paths.resource(_FOLDER) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return a text's hash as a Content Security Policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _as_json(data: dict[str, Any]) -> str:
    """Return JSON that nothing in it, such as a class '</script>', can end or make a tag of."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _data(model: Model) -> dict[str, Any]:
    card = model.card
    try:
        layers = LayerReader(model.network).layers
    except ValueError as error:
        raise UserError(
            "A web page cannot read with the network '{architecture}': {reason}.",
            architecture=card.architecture,
            reason=error,
        ) from error
    return {
        "classes": card.classes,
        "temperature": card.temperature,
        "max_energy": card.max_energy,
        "min_probability": card.min_probability,
        "layers": [_layer(layer) for layer in layers],
    }


def _layer(layer: Layer) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": layer.kind.value,
        "sources": layer.sources,
        "shape": layer.shape,
        "relu": layer.has_relu,
    }
    if layer.kind in (LayerKind.CONVOLUTION, LayerKind.POOLING):
        data |= {"window": layer.window, "stride": layer.stride, "padding": layer.padding}
    if layer.weight is not None:
        weight, bias = _with_normalization(layer)
        data |= {"weight": _base64(weight), "bias": _base64(bias)}
    return data


def _with_normalization(layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a layer's weights and biases with its batch normalization multiplied into them."""
    assert layer.weight is not None
    weight = layer.weight.astype(np.float64)
    outputs = len(weight)
    bias = np.zeros(outputs) if layer.bias is None else layer.bias.astype(np.float64)
    if layer.scale is None or layer.shift is None:
        return weight, bias
    scale = layer.scale.astype(np.float64)
    return weight * scale.reshape(outputs, *[1] * (weight.ndim - 1)), bias * scale + layer.shift


def _base64(values: NDArray[np.float64]) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
