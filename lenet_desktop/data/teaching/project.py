"""A project: a set of classes with its drawings and its model in one file, to be opened elsewhere.

It is a zip archive of the set ('classes.json'), the drawings (a stroke file) and, if a kept model
reads these classes, that model's file. Only these three are read, each up to a limit, and nothing
is written before all of them are checked.
"""

import tempfile
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.data import own_samples
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.own_samples import file_of
from lenet_desktop.data.teaching import class_sets
from lenet_desktop.data.teaching.class_sets import Classes
from lenet_desktop.data.teaching.exchange import parsed
from lenet_desktop.drawing.stroke_file import MAX_FILE_BYTES
from lenet_desktop.models import library, model_file
from lenet_desktop.models.library import KeptModel
from lenet_desktop.models.model_file import Model, ModelFileError
from lenet_desktop.regular_file import read_regular

SUFFIX = ".zip"
_CLASSES, _DRAWINGS, _MODEL = "classes.json", "drawings.jsonl", "model.safetensors"
_LIMITS = {_CLASSES: 100_000, _DRAWINGS: MAX_FILE_BYTES, _MODEL: model_file.MAX_BYTES}


def save_project(path: Path, classes: Classes) -> None:
    """Write a set, its drawings, and the newest kept model that reads its classes, if there is one.

    Raises:
        UserError: the drawings or the model cannot be read, or the file cannot be written.
    """
    samples = own_samples.read(file_of(classes)).samples
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_CLASSES, class_sets.to_bytes(classes))
        archive.writestr(_DRAWINGS, b"".join(sample.line + b"\n" for sample in samples))
        kept = [each for each in library.kept_models() if each.card.classes == classes]
        if kept:
            newest = max(kept, key=_changed)
            archive.writestr(_MODEL, read_regular(newest.path, model_file.MAX_BYTES))
    try:
        replace_file(path, content.getvalue())
    except OSError as error:
        raise DatasetError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


def open_project(path: Path) -> Classes:
    """Add a project's set, drawings and model to the person's own; return the set.

    What is there already is not added again.

    Raises:
        UserError: the file cannot be read or is no project; nothing was added. Or something cannot
            be written.
    """
    parts = _read(path)
    classes = class_sets.from_bytes(parts.get(_CLASSES, b""), str(path))
    samples, _ = parsed(parts.get(_DRAWINGS, b""), classes)
    model = _model(parts[_MODEL], path) if _MODEL in parts else None
    if model is not None and model.card.classes != classes:
        raise DatasetError("The model in {path} reads other classes.", path=path)
    if samples:
        own_samples.extend(file_of(classes), samples)
    class_sets.change((), classes)
    if model is not None and not any(
        read_regular(each.path, model_file.MAX_BYTES) == parts[_MODEL]
        for each in library.kept_models()
    ):
        library.keep(model, library.free_name(model.card.title))
    return classes


def _read(path: Path) -> dict[str, bytes]:
    """Return the known parts of a project by name.

    Raises:
        DatasetError: the file cannot be read, is no archive, or holds a part that is too large.
    """
    try:
        content = read_regular(path, sum(_LIMITS.values()))
    except OSError as error:
        raise DatasetError(
            "{path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error
    parts = {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in set(_LIMITS) & set(archive.namelist()):
                with archive.open(name) as part:
                    # What the archive says of the size is not trusted.
                    parts[name] = part.read(_LIMITS[name] + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise DatasetError(
            "{path} is no project of classes, or it is damaged.", path=path
        ) from error
    if any(len(part) > _LIMITS[name] for name, part in parts.items()):
        raise DatasetError("{path} is too large for a project of classes.", path=path)
    return parts


def _model(content: bytes, path: Path) -> Model:
    """Return the model in a project, checked as each model file is.

    Raises:
        DatasetError: it cannot be used.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / _MODEL
        file.write_bytes(content)
        try:
            return model_file.load(file)
        except ModelFileError as error:
            raise DatasetError(
                "The model in {path} is damaged, or it is none of this program: save the project "
                "again.",
                path=path,
            ) from error


def _changed(kept: KeptModel) -> int:
    return kept.path.stat().st_mtime_ns
