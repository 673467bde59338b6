"""The sets of classes that a person has named, each in a file beside its samples.

A set's samples are in the file ``own_samples.file_of`` its names. A set that changes gets other
files; its samples are copied there, and the old file of samples stays: a model may have been
trained on it.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from lenet_desktop import paths
from lenet_desktop.atomic_write import replace_file
from lenet_desktop.data import own_samples
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.own_samples import OwnSamplesError, file_of
from lenet_desktop.data.stroke_samples import class_name
from lenet_desktop.data.teaching.drawings import MAX_CLASSES
from lenet_desktop.models.model_card import MAX_CLASS_NAME
from lenet_desktop.printable import printable
from lenet_desktop.regular_file import read_regular

Classes = tuple[str, ...]

_MAX_BYTES = 100_000
# Selectors that ask for an emoji in colour or in black and white: many fonts ignore them.
_SELECTORS = ("\ufe0e", "\ufe0f")


def checked_name(name: str, others: Sequence[str]) -> str:
    """Return what a person typed as the name of a class.

    Args:
        name: what was typed.
        others: the names of the other classes.

    Raises:
        DatasetError: it is empty, too long, not printable, or looks like one of the others.
    """
    name = class_name(name)
    if not name:
        raise DatasetError("Type a name: a word, a letter or an emoji.")
    if len(name) > MAX_CLASS_NAME:
        raise DatasetError(
            "'{name}' is too long: a name has at most {most} characters.",
            name=printable(name, MAX_CLASS_NAME),
            most=MAX_CLASS_NAME,
        )
    if printable(name, MAX_CLASS_NAME) != name:
        raise DatasetError(
            "'{name}' has characters that cannot be shown: type it again without them.",
            name=printable(name, MAX_CLASS_NAME),
        )
    if name in others:
        raise DatasetError("There is a class '{name}' already.", name=name)
    for other in others:
        if _look(other) == _look(name):
            raise DatasetError(
                "There is a class '{other}' already, and '{name}' looks the same.",
                other=other,
                name=name,
            )
    return name


def with_names(classes: Classes, text: str) -> Classes:
    """Return the classes and those that a person typed, separated by commas or line breaks.

    Raises:
        DatasetError: a name cannot be used, see ``checked_name``, or there are too many.
    """
    more = list(classes)
    parts = [part for part in text.replace("\n", ",").split(",") if part.strip()]
    for part in parts or [text]:
        more.append(checked_name(part, more))
    if len(more) > MAX_CLASSES:
        raise DatasetError(
            "At most {most} classes can be learned, and these would be {count}.",
            most=MAX_CLASSES,
            count=len(more),
        )
    return tuple(more)


def _look(name: str) -> str:
    """Return the same text for names that look the same, such as those in full-width letters."""
    for selector in _SELECTORS:
        name = name.replace(selector, "")
    return unicodedata.normalize("NFKC", name)


# The folder


def class_sets() -> list[Classes]:
    """Return the sets in the person's folder, the one that was changed last first.

    A file that holds no set, because it is damaged or of another program, is left out.
    """
    found = []
    for path in paths.samples_folder().glob("classes-*.json"):
        try:
            classes = _read(path)
            if path == _file_of(classes):
                found.append((path.stat().st_mtime_ns, classes))
        except (OSError, DatasetError):
            continue
    return [classes for _, classes in sorted(found, reverse=True)]


def change(before: Classes, after: Classes, names: Mapping[str, str] | None = None) -> None:
    """Put a set in the place of another one, and copy the samples of the classes that stay.

    Args:
        before: the old set; it may be empty.
        after: the new set; if it is empty, the old one is only removed from the list of sets.
        names: the new names of classes that are renamed.

    Raises:
        OwnSamplesError: a file cannot be read or written; no sample is lost.
    """
    names = names or {}
    old, new = _file_of(before), _file_of(after)
    if before and after and before != after:
        samples = own_samples.read(file_of(before)).samples
        renamed = [
            own_samples.relabelled(sample, names[sample.label]) if sample.label in names else sample
            for sample in samples
        ]
        kept = [sample for sample in renamed if sample.label in after]
        if kept:
            own_samples.extend(file_of(after), kept)
    try:
        if after:
            new.parent.mkdir(parents=True, exist_ok=True)
            replace_file(new, to_bytes(after))
        if before and old != new:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise OwnSamplesError(
            "{path} cannot be written: {reason}.", path=new, reason=error.strerror or error
        ) from error


def _file_of(classes: Classes) -> Path:
    samples = file_of(classes)
    # The digits may be a set, too; their samples have another name.
    name = samples.stem if samples.stem.startswith("classes-") else f"classes-{samples.stem}"
    return samples.with_name(f"{name}.json")


def _read(path: Path) -> Classes:
    """Return the set in a file, which is not trusted.

    Raises:
        OSError: the file cannot be read.
        DatasetError: it holds no set.
    """
    return from_bytes(read_regular(path, _MAX_BYTES), str(path))


def to_bytes(classes: Classes) -> bytes:
    """Return a set as JSON."""
    return json.dumps({"classes": classes}, ensure_ascii=False).encode()


def from_bytes(content: bytes, name: str) -> Classes:
    """Return the set that ``to_bytes`` wrote; the content is not trusted.

    Raises:
        DatasetError: it is no set; the message begins with ``name``.
    """
    try:
        names = json.loads(content)["classes"]
        if not isinstance(names, list) or not 1 <= len(names) <= MAX_CLASSES:
            raise ValueError("no set of classes")
        classes: Classes = ()
        for each in names:
            if each != checked_name(each, classes):
                raise ValueError("no name of a class")
            classes += (each,)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DatasetError("{name} holds no set of classes.", name=name) from error
    return classes
