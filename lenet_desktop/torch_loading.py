"""Loading torch without freezing the window.

A plain ``import torch`` in a thread holds Python's lock for 240 to 800 ms at a stretch, in two
ways: the dynamic linker brings in hundreds of megabytes of libraries, and the garbage collector
walks again and again over the hundreds of thousands of objects that the import makes. Here the
linker runs with the lock released, and the collector rests meanwhile.
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
    """Import torch; afterwards ``import torch`` anywhere costs nothing.

    May be called from any thread, as often as one likes.

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
            # What torch's import made stays for good: no later collection need walk over it.
            gc.freeze()
            if was_enabled:
                gc.enable()


def _link_libraries() -> None:
    """Let the dynamic linker load torch's libraries while other Python threads go on.

    ``ctypes.CDLL(path)`` would hold the lock; a call of dlopen as a foreign function does not.
    Should it fail, nothing is lost: the import that follows loads them itself, or says why not.
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
