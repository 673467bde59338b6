"""Import torch in a thread without freezing the window.

A plain ``import torch`` holds the GIL for 240 to 800 ms at a time, for two reasons: the dynamic
linker loads hundreds of megabytes of libraries, and the garbage collector repeatedly visits the
hundreds of thousands of objects that the import creates. Here the linker runs without the GIL, and
the collector is switched off during the import.
"""

import ctypes
import gc
import importlib.util
import os
import sys
from pathlib import Path
from threading import Lock

_lock = Lock()


def load_torch() -> None:
    """Import torch; after that, ``import torch`` takes no time.

    It can be called from any thread, and more than once.

    Raises:
        ImportError: torch is not installed, or its libraries cannot be loaded.
    """
    with _lock:
        if "torch" in sys.modules:
            return
        _link_libraries()
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            import torch  # noqa: F401
        finally:
            # The objects of the import live as long as the process: exclude them from collection.
            gc.freeze()
            if was_enabled:
                gc.enable()


def _link_libraries() -> None:
    """Load torch's libraries while other Python threads keep running.

    ``ctypes.CDLL(path)`` would hold the GIL; calling dlopen as a foreign function releases it. A
    failure is ignored: the import that follows loads the libraries itself, or raises the error.
    """
    if sys.platform == "win32":
        return
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return
    suffix = "dylib" if sys.platform == "darwin" else "so"
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype, dlopen.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    for name, flags in (
        ("libtorch_global_deps", os.RTLD_NOW | os.RTLD_GLOBAL),
        ("libtorch", os.RTLD_NOW),
    ):
        library = Path(spec.origin).parent / "lib" / f"{name}.{suffix}"
        if library.exists():
            dlopen(os.fsencode(library), flags)
