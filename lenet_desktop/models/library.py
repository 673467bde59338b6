"""The models that the user keeps: files in a folder of the user's own, each under a name.

The name stands in the model card; the file's name is made from it. The factory model is not among
them and is never touched.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from lenet_desktop import paths
from lenet_desktop.atomic_write import list_folder, replace_file, sweep
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import MAX_NAME, ModelCard
from lenet_desktop.models.model_file import Model, ModelFileError


@dataclass(frozen=True)
class KeptModel:
    """A model file in the user's folder, and its card."""

    path: Path
    card: ModelCard


def kept_models() -> list[KeptModel]:
    """Give the user's models by name; files that cannot be used are left out, and left alone."""
    found = []
    for path in list_folder(paths.models_folder(), "*.safetensors"):
        try:
            found.append(KeptModel(path, model_file.load(path).card))
        except ModelFileError:
            # It may be another version's or half copied: not ours to judge or to delete.
            continue
    return sorted(found, key=lambda kept: (kept.card.name.lower(), kept.path.name))


def keep(model: Model, name: str) -> Path:
    """Write a model under a name into the user's folder; give its file.

    Raises:
        ModelFileError: the name is empty, too long or taken, or the file cannot be written.
    """
    name = _checked(name)
    sweep(paths.models_folder())
    path = _free_path(name)
    model_file.save(replace(model, card=replace(model.card, name=name)), path)
    return path


def rename(path: Path, name: str) -> Path:
    """Give a kept model another name; give its new file.

    Raises:
        ModelFileError: the name cannot be had, or the file cannot be read or written.
    """
    name = _checked(name, besides=path)
    model = model_file.load(path)
    if name == model.card.name:
        return path
    new = _free_path(name)
    model_file.save(replace(model, card=replace(model.card, name=name)), new)
    delete(path)
    return new


def delete(path: Path) -> None:
    """Remove a kept model.

    Raises:
        ModelFileError: it cannot be removed.
    """
    if path.parent != paths.models_folder():
        raise ModelFileError(f"{path} is not one of your kept models.")
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ModelFileError(f"{path} cannot be removed: {error.strerror or error}.") from error


def export(path: Path, target: Path) -> None:
    """Copy a model file to where the user wants it.

    Raises:
        ModelFileError: it cannot be read or written.
    """
    if is_factory_model(target):
        raise ModelFileError(f"{target} is the factory model: choose another name.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        replace_file(target, content)
    except OSError as error:
        raise ModelFileError(f"{target} cannot be written: {error.strerror or error}.") from error


def is_factory_model(path: Path) -> bool:
    """Say whether a path leads to the program's own model, which nothing may overwrite."""
    return path.resolve() == paths.factory_model().resolve()


def free_name(wanted: str) -> str:
    """Give ``wanted``, or the first of 'wanted 2', 'wanted 3', ... that no kept model has."""
    taken = {kept.card.name.lower() for kept in kept_models()}
    number, name = 1, wanted[:MAX_NAME]
    while name.lower() in taken:
        number += 1
        name = f"{wanted[: MAX_NAME - 5]} {number}"
    return name


def _checked(name: str, besides: Path | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise ModelFileError("A model needs a name: type one.")
    if len(name) > MAX_NAME:
        raise ModelFileError(f"The name is too long: at most {MAX_NAME} letters.")
    others = [kept for kept in kept_models() if kept.path != besides]
    if name.lower() in {kept.card.name.lower() for kept in others}:
        raise ModelFileError(f"You already have a model named '{name}': choose another name.")
    return name


def _free_path(name: str) -> Path:
    stem = re.sub(r"[^\w-]+", "-", name.lower()).strip("-")[:40] or "model"
    folder = paths.models_folder()
    taken = {path.name for path in list_folder(folder, "*.safetensors")}
    file, number = f"{stem}.safetensors", 1
    while file in taken:
        number += 1
        file = f"{stem}-{number}.safetensors"
    return folder / file
