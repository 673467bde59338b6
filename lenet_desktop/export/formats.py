"""The formats that a model can be exported in."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from lenet_desktop.errors import UserError
from lenet_desktop.export.onnx import write_onnx
from lenet_desktop.export.web_page import write_web_page
from lenet_desktop.models import model_file
from lenet_desktop.models.model_file import Model


class Format(StrEnum):
    """What a model is exported as."""

    ONNX = "onnx"
    WEB = "web"


SUFFIXES: dict[Format, tuple[str, ...]] = {Format.ONNX: (".onnx",), Format.WEB: (".html", ".htm")}
"""The suffixes of the files of each format, the usual one first."""

_WRITE: dict[Format, Callable[[Model, Path], None]] = {
    Format.ONNX: write_onnx,
    Format.WEB: write_web_page,
}


def export(source: Path, target: Path, to: Format | None = None) -> None:
    """Write a model file in another format, atomically.

    Args:
        source: the model file.
        target: the file to write; its suffix is one of the format's, so that no other file is
            overwritten by mistake.
        to: the format; None for that of the target's suffix.

    Raises:
        UserError: the format or the suffix is wrong, the model cannot be used, a package is
            missing, or the file cannot be written.
    """
    suffix = target.suffix.lower()
    if to is None:
        to = next((each for each, known in SUFFIXES.items() if suffix in known), None)
    if to is None or suffix not in SUFFIXES[to]:
        known = SUFFIXES.values() if to is None else [SUFFIXES[to]]
        raise UserError(
            "{target} does not end in {suffixes}: name a file that does.",
            target=target,
            suffixes=" or ".join(each[0] for each in known),
        )
    _WRITE[to](model_file.load(source), target)
