"""The models that the user keeps: files in the user's models folder.

A model's name is in its card; the file's name is made from it. The factory model is not among them.
"""

import os
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lenet_desktop import paths
from lenet_desktop.atomic_write import list_folder, replace_file, sweep
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import MAX_NAME, ModelCard
from lenet_desktop.models.model_file import Model, ModelFileError
from lenet_desktop.printable import printable
from lenet_desktop.regular_file import read_regular

FACTORY = "factory"
"""Stands for the factory model where other models are given by their files or names."""

# How many names a message lists.
_LISTED = 20

# Windows takes files of these names for devices, whatever their suffix.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True)
class KeptModel:
    """A model file in the models folder, and its card."""

    path: Path
    card: ModelCard


def kept_models() -> list[KeptModel]:
    """Return the user's models, sorted by name; files that cannot be used are left out."""
    found = []
    for path in list_folder(paths.models_folder(), "*.safetensors"):
        try:
            state = path.stat()
            found.append(KeptModel(path, _card_of(path, state.st_mtime_ns, state.st_size)))
        except (OSError, ModelFileError):
            # It may be from a later version or not yet fully copied: do not delete it.
            continue
    return sorted(found, key=lambda kept: (kept.card.name.lower(), kept.path.name))


@lru_cache(maxsize=1000)
def _card_of(path: Path, _changed: int, _size: int) -> ModelCard:
    """Return the card of a file that was changed at this time.

    Reading one takes half a millisecond, and the window's menus list the models each time.

    Raises:
        ModelFileError: the file cannot be used.
    """
    return model_file.read_card(path)


def find(name: str) -> Path:
    """Return the file of a model that is given by its file, by its name, or as ``FACTORY``.

    A file of this name is preferred to a kept model. The names of kept models are compared without
    regard to case. 'LeNet-5', the factory model's own name, stands for it too, unless a kept model
    has that name.

    Raises:
        ModelFileError: there is no such model, or several kept models have this name.
    """
    path = Path(name)
    if path.suffix.lower() == ".safetensors" or (path.exists() and not path.is_dir()):
        return path
    wanted = " ".join(name.split()).lower()
    if wanted == FACTORY:
        return paths.factory_model()
    kept = kept_models()
    found = [each.path for each in kept if each.card.title.lower() == wanted]
    if len(found) > 1:
        files = ", ".join(map(str, found))
        raise ModelFileError(
            "Several kept models are named '{name}': give a file, one of {files}.",
            name=name,
            files=files,
        )
    if found:
        return found[0]
    if wanted == model_file.read_card(paths.factory_model()).title.lower():
        return paths.factory_model()
    names = [f"'{each.card.title}'" for each in kept]
    listed = [FACTORY, *names[:_LISTED], *(["…"] if len(names) > _LISTED else [])]
    if names:
        raise ModelFileError(
            "There is no model file and no kept model '{name}': choose one of {listed}.",
            name=name,
            listed=", ".join(listed),
        )
    raise ModelFileError(
        "There is no model file '{name}', and you have kept no models: choose '{factory}' or a "
        "model file.",
        name=name,
        factory=FACTORY,
    )


def keep(model: Model, name: str) -> Path:
    """Write a model into the user's folder under a name; return its file.

    Raises:
        ModelFileError: the name is empty, too long, not printable or taken, or the file cannot be
            written.
    """
    sweep(paths.models_folder())
    return _write(model, name)


def rename(path: Path, name: str) -> Path:
    """Give a kept model another name; return its new file.

    Raises:
        ModelFileError: the name cannot be used, or the file cannot be read or written.
    """
    model = model_file.load(path)
    if _checked(name, besides=path) == model.card.name:
        return path
    new = _write(model, name, besides=path)
    delete(path)
    return new


def delete(path: Path) -> None:
    """Remove a kept model.

    Raises:
        ModelFileError: it cannot be removed.
    """
    if path.parent != paths.models_folder():
        raise ModelFileError("{path} is not one of your kept models.", path=path)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ModelFileError(
            "{path} cannot be removed: {reason}.", path=path, reason=error.strerror or error
        ) from error


def export(path: Path, target: Path) -> None:
    """Copy a model file to a place that the user chose.

    Raises:
        ModelFileError: it cannot be read or written.
    """
    if is_factory_model(target):
        raise ModelFileError("{target} is the factory model: choose another name.", target=target)
    try:
        content = read_regular(path, model_file.MAX_BYTES)
    except OSError as error:
        raise ModelFileError(
            "{path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error
    try:
        replace_file(target, content)
    except OSError as error:
        raise ModelFileError(
            "{target} cannot be written: {reason}.", target=target, reason=error.strerror or error
        ) from error


def is_factory_model(path: Path) -> bool:
    """Return whether a path leads to the factory model, which is never overwritten."""
    try:
        return path.samefile(paths.factory_model())
    except OSError:
        return False  # no file exists there


def free_name(wanted: str) -> str:
    """Return ``wanted`` or, if a kept model has that name, 'wanted 2', 'wanted 3' and so on."""
    wanted = printable(wanted, MAX_NAME) or "model"
    taken = {kept.card.name.lower() for kept in kept_models()}
    number, name = 1, wanted
    while name.lower() in taken:
        number += 1
        name = f"{wanted[: MAX_NAME - 5].rstrip()} {number}"
    return name


def _write(model: Model, name: str, besides: Path | None = None) -> Path:
    # Another program may save a model with this name at the same moment. If it has created the file
    # first, ``save_new`` fails here, and the next round reports that the name is taken.
    while True:
        path = _free_path(name)
        name = _checked(name, besides)
        if model_file.save_new(replace(model, card=replace(model.card, name=name)), path):
            return path


def _checked(name: str, besides: Path | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise ModelFileError("A model needs a name: type one.")
    if len(name) > MAX_NAME:
        raise ModelFileError(
            "The name is too long: at most {max_name} characters.", max_name=MAX_NAME
        )
    if name != printable(name, MAX_NAME):
        raise ModelFileError("The name has characters that are not printable: choose another name.")
    others = [kept for kept in kept_models() if kept.path != besides]
    if name.lower() in {kept.card.name.lower() for kept in others}:
        raise ModelFileError(
            "You already have a model named '{name}': choose another name.", name=name
        )
    return name


def _free_path(name: str) -> Path:
    stem = re.sub(r"[^\w-]+", "-", name.lower()).strip("-")[:40] or "model"
    if stem in _RESERVED:
        stem += "-model"
    folder = paths.models_folder()
    path, number = folder / f"{stem}.safetensors", 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{stem}-{number}.safetensors"
    return path
