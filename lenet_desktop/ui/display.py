"""Check whether a window can be shown: if it cannot, Qt would abort the process.

Imports no Qt, since Qt itself or one of its libraries may be missing.
"""

import ctypes
import importlib.util
import os
import re
import sys
from pathlib import Path

from lenet_desktop.errors import UserError

_WAYS_OUT = (
    "or set QT_QPA_PLATFORM=offscreen to run without a screen, "
    "or read a picture with 'lenet-desktop recognize FILE'"
)
_PACKAGES = (
    "libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libdbus-1-3 libfontconfig1"
)
_NO_SCREEN = "offscreen", "minimal", "vnc", "linuxfb", "eglfs"


class DisplayError(UserError):
    """No window can be shown; the message is one sentence with the cause and the remedy."""


def check_display() -> None:
    """Check that Qt can open a window here.

    Raises:
        DisplayError: a library is missing, or there is no display.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        from PySide6 import QtGui  # noqa: F401
    except ImportError as error:
        raise _missing(str(error)) from error
    wanted = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    plugins = _plugins_folder()
    if wanted and not (plugins / f"libq{wanted}.so").exists():
        raise DisplayError(
            f"QT_QPA_PLATFORM is '{wanted}', which this Qt does not have: unset it, {_WAYS_OUT}."
        )
    if wanted in _NO_SCREEN or _has_wayland(wanted):
        return
    if not os.environ.get("DISPLAY"):
        raise DisplayError(
            "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): "
            f"start from a desktop, {_WAYS_OUT}."
        )
    try:
        ctypes.CDLL(str(plugins / "libqxcb.so"))
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        raise _missing(str(error)) from error
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    refused = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    if refused:
        raise DisplayError(
            f"The display '{os.environ['DISPLAY']}' does not answer: "
            f"set DISPLAY to one that does, {_WAYS_OUT}."
        )


def _has_wayland(wanted: str) -> bool:
    if wanted not in ("", "wayland"):
        return False
    socket = os.environ.get("WAYLAND_DISPLAY", "")
    return bool(socket) and Path(os.environ.get("XDG_RUNTIME_DIR", "/"), socket).exists()


def _plugins_folder() -> Path:
    spec = importlib.util.find_spec("PySide6")
    locations = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(locations or [])), "Qt", "plugins", "platforms")


def _missing(message: str) -> DisplayError:
    library = re.search(r"lib[\w+.-]*\.so[.\d]*", message)
    what = f"the library {library.group()}" if library else message
    return DisplayError(
        f"Qt cannot start because {what} is missing: on Debian or Ubuntu run "
        f"'sudo apt install {_PACKAGES}', {_WAYS_OUT}."
    )
