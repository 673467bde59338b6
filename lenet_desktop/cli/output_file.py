"""The file that a command writes a model to: checked before the training, safe after it."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from lenet_desktop.errors import UserError
from lenet_desktop.models import library, model_file
from lenet_desktop.models.model_file import Model, ModelFileError


@contextlib.contextmanager
def alone(output: Path) -> Iterator[None]:
    """Keep a second training from writing to the same output and checkpoint meanwhile.

    Raises:
        UserError: one is under way.
    """
    path = output.with_name(f"{output.name}.lock")
    lock = FileLock(path, timeout=0)
    # Where files cannot be locked, trainings are not kept apart.
    with contextlib.suppress(OSError, NotImplementedError):
        try:
            lock.acquire()
        except Timeout as error:
            raise UserError(
                f"Another training is writing to {output}: wait for it, or name another file."
            ) from error
    try:
        yield
    finally:
        # While the lock is held; on Windows filelock itself removes the file afterwards.
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        lock.release()


def check_output(output: Path) -> None:
    """Check before the training that its result can be written.

    Raises:
        UserError: it cannot.
    """
    if output.is_dir():
        raise UserError(f"{output} is a folder: name a file to write the model to.")
    if output.exists() and not output.is_file():
        raise UserError(f"{output} is not a regular file: name another file for the model.")
    if output.is_file() and not _is_model(output):
        raise UserError(f"{output} exists and is not a model: name another file, or remove it.")
    if library.is_factory_model(output):
        raise UserError(f"{output} is the factory model: name another file.")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output.parent):
            pass
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror or error}.") from error


def _is_model(path: Path) -> bool:
    try:
        model_file.read_card(path)
    except ModelFileError:
        return False
    return True


def check_text(*texts: object) -> None:
    """Check before the training that the model card can be written.

    Raises:
        UserError: a text contains bytes that are not UTF-8.
    """
    for text in texts:
        try:
            str(text).encode()
        except UnicodeEncodeError as error:
            raise UserError(f"{text!a} is not text in UTF-8: use another name.") from error


def shareable(path: Path) -> str:
    """Return a relative path as it was typed, and only the last part of an absolute one.

    Model cards are shared, so they must not contain the folders of this computer.
    """
    return path.name if path.is_absolute() else str(path)


def save(model: Model, output: Path, checkpoint: Path | None = None) -> None:
    """Write the model and remove the checkpoint.

    Raises:
        UserError: it cannot be written there, but somewhere else, or the checkpoint stays. The
            message says where it is.
    """
    try:
        model_file.save(model, output)
    except ModelFileError as error:
        room = "room and run the same command again"
        if checkpoint is not None and checkpoint.exists():
            room += f", which continues from {checkpoint}"
        path = _save_elsewhere(model, output)
        if path is None:
            raise UserError(f"{error} Make {room}.") from error
        raise UserError(f"{error} It is in {path} instead; you can also make {room}.") from error
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)


def _save_elsewhere(model: Model, output: Path) -> Path | None:
    """Write the model among the kept models, else to a temporary folder; None if both fail."""
    with contextlib.suppress(ModelFileError):
        return library.keep(model, library.free_name(model.card.title))
    with contextlib.suppress(OSError):
        folder = Path(tempfile.mkdtemp(prefix="lenet-desktop-"))
        try:
            model_file.save(model, folder / output.name)
        except ModelFileError:
            folder.rmdir()
        else:
            return folder / output.name
    return None
