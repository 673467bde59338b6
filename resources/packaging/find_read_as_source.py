"""List the modules whose source is read while the program runs; the others need only bytecode.

Torch reads the source of some of its modules when they are imported; which ones depends on the
version. Therefore this script runs the program's self-test in the environment that build.py has
made and records which sources are read; the spec bundles them. Run by build.py.
"""

import importlib
import inspect
import os
import pkgutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "build" / "packaging" / "read-as-source.txt"
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Run the program's self-test and write the list."""
    asked: set[str | None] = set()
    get_lines = inspect.getsourcelines

    def note(asked_for: Any) -> tuple[list[str], int]:
        lines = get_lines(asked_for)
        asker = sys._getframe(1)
        while asker.f_back is not None and asker.f_globals["__name__"] == "inspect":
            asker = asker.f_back
        # PySide6 asks for the source of every module, too, but does not need it.
        if asker.f_globals["__name__"].startswith("torch"):
            asked.add(inspect.getsourcefile(asked_for))
        return lines

    # inspect.getsource calls this as well.
    inspect.getsourcelines = note
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ |= {"LENET_DESKTOP_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        import lenet_desktop
        from lenet_desktop.cli import main as cli

        code = cli.run(["self-test"])
    for module in pkgutil.walk_packages(lenet_desktop.__path__, "lenet_desktop."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    names = sorted(
        name
        for name, module in sys.modules.items()
        if isinstance(module, ModuleType)
        and name.startswith("torch")
        and module.__dict__.get("__file__", "") in asked
    )
    LIST.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    print(f"{len(names)} modules are bundled with their source")
    return code


if __name__ == "__main__":
    sys.exit(main())
