"""Build the executable: python3 resources/packaging/build.py

Makes a clean environment under build/, freezes the program with PyInstaller, adds the licences of
everything inside, and writes to dist/: the folder lenet-desktop, which can be run as it is, and the
downloads (Linux: .tar.gz and .deb; Windows: .zip; macOS: .dmg) with their SHA-256 sums. Needs
Python 3.11 or newer and, unless the packages are in pip's cache, the network.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "build" / "packaging"
DIST = ROOT / "dist"
FOLDER = DIST / "lenet-desktop"

# The versions that were tested in a bundle: change them only after the tests have passed with the
# new ones. The builds for Linux on PyPI include CUDA, 5 GB. torchvision is not bundled: prepare.py
# reads the mirrors and checksums of MNIST from it.
TORCH = ("torch==2.13.0", "torchvision==0.28.0")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"

# Files that PyInstaller would collect because they are in a package's folder, or as a plugin of Qt,
# together with the libraries they need. The program uses none of them.
PRUNED = (
    "torch/bin/*[Tt]est*",
    "torch/bin/protoc*",
    "torch/bin/upgrader_models",
    "torch/include",
    "torch/share",
    "torch/test",
    "torch/lib/*test*",
    "torch/lib/*aoti_custom_ops*",
    "torch/lib/*backend_with_compiler*",
    "PySide6/**/qml",
    "PySide6/**/translations",
    "PySide6/**/plugins/designer",
    "PySide6/**/plugins/egldeviceintegrations",
    "PySide6/**/plugins/generic",
    "PySide6/**/plugins/iconengines",
    "PySide6/**/plugins/networkinformation",
    "PySide6/**/plugins/printsupport",
    "PySide6/**/plugins/qml*",
    "PySide6/**/plugins/sqldrivers",
    "PySide6/**/plugins/tls",
    "PySide6/**/plugins/vectorimageformats",
    "PySide6/**/plugins/wayland-graphics-integration-*",
    "PySide6/**/plugins/xcbglintegrations",
    "PySide6/**/plugins/imageformats/*q[pstw][dgvb]*",  # pdf, svg, tga, wbmp
    "PySide6/**/plugins/platforminputcontexts/*virtualkeyboard*",
    "PySide6/**/plugins/platforms/*egl*",
    "PySide6/**/plugins/platforms/*linuxfb*",
    "PySide6/**/plugins/platforms/*minimal*",
    "PySide6/**/plugins/platforms/*vkkhr*",
    "PySide6/**/plugins/platforms/*vnc*",
    "PySide6/**/plugins/platformthemes/*gtk3*",
    "PySide6/opengl32sw.dll",
)


def main() -> int:
    """Build everything for this system."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mnist", type=Path, help="a folder that holds MNIST/raw")
    parser.add_argument("--reuse", action="store_true", help="keep the last build's environment")
    parser.add_argument("--folder-only", action="store_true", help="no archives or packages")
    options = parser.parse_args()
    python = environment(options.reuse)
    shutil.rmtree(DIST, ignore_errors=True)
    run(python, Path(__file__).with_name("prepare.py"), *([options.mnist] if options.mnist else []))
    run(python, Path(__file__).with_name("find_read_as_source.py"))
    run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"),
        *("--distpath", DIST, "--workpath", MADE / "work"),
        Path(__file__).with_name("lenet-desktop.spec"),
    )
    if sys.platform == "linux":
        strip(FOLDER)
    if not options.folder_only:
        run(python, Path(__file__).with_name("downloads.py"))
    return 0


def environment(reuse: bool) -> Path:
    """Make an environment with the dependencies and PyInstaller; return its Python."""
    folder = MADE / "venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if reuse and python.exists():
        return python
    venv.create(folder, clear=True, with_pip=True, symlinks=os.name != "nt")
    pip = (python, "-m", "pip", "install", "--quiet")
    index = ("--index-url", CPU_INDEX, "--retries", "0") if sys.platform == "linux" else ()
    # A separate command, because only these packages come from that index.
    run(*pip, "--no-deps", *TORCH, *index)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = [
        *TORCH,
        *(each for each in project["dependencies"] if not each.startswith("torch")),
        *project["optional-dependencies"]["package"],
    ]
    run(*pip, *packages)
    site = next(folder.rglob("site-packages"))
    for pattern in PRUNED:
        for path in list(site.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    cuda = "import torch, sys; sys.exit(torch.version.cuda is not None)"
    if sys.platform == "linux" and subprocess.run([python, "-c", cuda]).returncode:
        raise SystemExit("pip did not find torch's CPU build: see the README, 'A smaller torch'.")
    return python


def strip(folder: Path) -> None:
    """Remove the symbol tables that only a debugger needs from the libraries."""
    for library in folder.rglob("*.so*"):
        # The symbols that other libraries look up stay. strip can damage the libraries in *.libs,
        # which their wheels have patched; those are stripped already.
        if library.is_file() and not library.is_symlink() and ".libs" not in str(library):
            run("strip", "--strip-unneeded", library)


def run(*command: object) -> None:
    """Run a command; end the build when it fails."""
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
