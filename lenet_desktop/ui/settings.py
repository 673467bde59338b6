"""The user's settings; every value in the file is checked when it is read."""

import math
import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from lenet_desktop import paths
from lenet_desktop.drawing.strokes import DEFAULT_BRUSH, MAX_BRUSH, MIN_BRUSH
from lenet_desktop.inference.kind import Kind
from lenet_desktop.ui.style.theme import THEMES

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")


class Settings(QSettings):
    """The settings file. An invalid value is read as the default."""

    def __init__(self) -> None:
        super().__init__(str(paths.settings_file()), QSettings.Format.IniFormat)

    @property
    def model(self) -> Path | None:
        """The model file that the user chose; None for the factory model."""
        value = self.value("model")
        return Path(value) if isinstance(value, str) and value else None

    @model.setter
    def model(self, path: Path) -> None:
        self.setValue("model", "" if path == paths.factory_model() else str(path))

    @property
    def device(self) -> str:
        """One of DEVICES."""
        return self._one_of(DEVICES, "device")

    @device.setter
    def device(self, name: str) -> None:
        self.setValue("device", name)

    @property
    def theme(self) -> str:
        """One of THEMES."""
        return self._one_of(tuple(THEMES), "theme")

    @theme.setter
    def theme(self, name: str) -> None:
        self.setValue("theme", name)

    @property
    def brush(self) -> int:
        """The brush's diameter in pad units, within its limits."""
        value = self.value("brush")
        try:
            brush = int(value) if isinstance(value, str | int) else DEFAULT_BRUSH
        except ValueError:
            brush = DEFAULT_BRUSH
        return min(max(brush, MIN_BRUSH), MAX_BRUSH)

    @brush.setter
    def brush(self, brush: int) -> None:
        self.setValue("brush", brush)

    @property
    def kind(self) -> Kind:
        """What a drawing is read as."""
        return Kind(self._one_of(tuple(Kind), "kind"))

    @kind.setter
    def kind(self, kind: Kind) -> None:
        self.setValue("kind", kind.value)

    @property
    def strip(self) -> bool | None:
        """Whether the network strip is shown; None if the user has not chosen."""
        return {"true": True, "false": False}.get(str(self.value("strip")).lower())

    @strip.setter
    def strip(self, shown: bool) -> None:
        self.setValue("strip", "true" if shown else "false")

    @property
    def training_folder(self) -> Path | None:
        """The folder with MNIST that the user chose to train on; None if there is none."""
        value = self.value("training_folder")
        return Path(value) if isinstance(value, str) and value else None

    @training_folder.setter
    def training_folder(self, folder: Path) -> None:
        self.setValue("training_folder", str(folder))

    def training_speed(self, device: str) -> float | None:
        """Return how many times as fast as expected the last training on a device was.

        It is at least 0.01 and at most 100; None before the first.
        """
        value = self.value(f"training_speed/{device}")
        try:
            speed = float(value) if isinstance(value, str | float) else math.nan
        except ValueError:
            speed = math.nan
        return min(max(speed, 0.01), 100.0) if math.isfinite(speed) else None

    def set_training_speed(self, device: str, speed: float) -> None:
        """Remember the speed of a training, see ``training_speed``."""
        self.setValue(f"training_speed/{device}", f"{speed:.3g}")

    def lesson_step(self, name: str) -> int:
        """Return at which step a lesson was left, counted from 0; 0 for one that was not begun."""
        value = self.value(f"lessons/{name}/step")
        is_number = isinstance(value, str) and value.isascii() and value.isdigit()
        return int(value) if is_number and len(value) < 4 else 0

    def set_lesson_step(self, name: str, step: int) -> None:
        """Remember at which step a lesson was left, counted from 0."""
        self.setValue(f"lessons/{name}/step", str(step))

    def is_lesson_done(self, name: str) -> bool:
        """Return whether a lesson was followed to its end."""
        return str(self.value(f"lessons/{name}/done")).lower() == "true"

    def set_lesson_done(self, name: str) -> None:
        """Remember that a lesson was followed to its end; it begins anew the next time."""
        self.setValue(f"lessons/{name}/done", "true")
        self.remove(f"lessons/{name}/step")

    @property
    def geometry(self) -> QByteArray | None:
        """The window's place and size, as Qt writes them."""
        value = self.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self.setValue("geometry", geometry)

    def folder(self, purpose: str) -> Path | None:
        """Return the folder that the user chose last for a purpose, if it is still there."""
        value = self.value(f"folders/{purpose}")
        # Unlike Path.is_dir, this is False for every invalid path.
        is_folder = isinstance(value, str) and os.path.isdir(value)  # noqa: PTH112
        return Path(value) if is_folder else None

    def set_folder(self, purpose: str, folder: Path) -> None:
        """Remember the folder that the user chose for a purpose."""
        self.setValue(f"folders/{purpose}", str(folder))

    def can_be_written(self) -> bool:
        """Write all changes; return whether that succeeded."""
        self.sync()
        return self.status() == QSettings.Status.NoError

    def _one_of(self, values: tuple[str, ...], key: str) -> str:
        value = self.value(key)
        return value if isinstance(value, str) and value in values else values[0]
