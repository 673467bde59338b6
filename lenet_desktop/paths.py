"""The paths of the files bundled with the program, and of the user's files.

Bundled files are in one of three places: at the root of a checkout, inside the package in an
installed wheel, or beside the executable's libraries in a frozen program.
"""

import os
import sys
from pathlib import Path

import platformdirs

_APP = "lenet-desktop"
_PACKAGE = Path(__file__).resolve().parent


def _bundled(folder: str) -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / folder
    in_wheel = _PACKAGE / folder
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / folder


def resource(name: str) -> Path:
    """Return the path of a bundled file in ``resources/``."""
    return _bundled("resources") / name


def factory_model() -> Path:
    """Return the path of the model that is shipped with the program."""
    return _bundled("weights") / "lenet5-mnist.safetensors"


def _user_folder(kind: str, default: str) -> Path:
    """Return one of the user's folders; all are in LENET_DESKTOP_HOME if that is set."""
    home = os.environ.get("LENET_DESKTOP_HOME")
    return Path(home) / kind if home else Path(default)


def settings_file() -> Path:
    """Return the path of the user's settings; it need not exist."""
    folder = _user_folder("config", platformdirs.user_config_dir(_APP, appauthor=False))
    return folder / "settings.ini"


def models_folder() -> Path:
    """Return the folder of the models that the user keeps; it need not exist."""
    return _user_folder("data", platformdirs.user_data_dir(_APP, appauthor=False)) / "models"


def samples_folder() -> Path:
    """Return the folder of the samples that the user labelled; it need not exist."""
    return _user_folder("data", platformdirs.user_data_dir(_APP, appauthor=False)) / "samples"


def lessons_folder() -> Path:
    """Return the folder of the user's own lessons; it need not exist."""
    return _user_folder("data", platformdirs.user_data_dir(_APP, appauthor=False)) / "lessons"


def history_folder() -> Path:
    """Return the folder of the records of trainings; it need not exist."""
    return _user_folder("data", platformdirs.user_data_dir(_APP, appauthor=False)) / "history"


def cache_folder() -> Path:
    """Return the folder for files that can be recreated, such as downloads; it need not exist."""
    return _user_folder("cache", platformdirs.user_cache_dir(_APP, appauthor=False))


def logs_folder() -> Path:
    """Return the folder of the log files; it need not exist."""
    return _user_folder("logs", platformdirs.user_log_dir(_APP, appauthor=False))
