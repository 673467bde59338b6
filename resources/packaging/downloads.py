"""Make the downloads of the built program, with their checksums. Run by build.py."""

import gzip
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DIST = ROOT / "dist"
MADE = ROOT / "build" / "packaging"
FOLDER = DIST / "lenet-desktop"
sys.path.insert(0, str(ROOT))

from lenet_desktop import __version__  # noqa: E402

MACHINE = {"amd64": "x86_64", "aarch64": "arm64"}.get(
    platform.machine().lower(), platform.machine().lower()
)
# The number of bytes of the archive that a core compresses at a time.
PART = 64 * 1024 * 1024
# The Debian packages that the program needs and does not contain: drivers and fonts.
DEPENDS = (
    "libc6 (>= {libc}), libegl1, libgl1, libxcb1, libwayland-client0, libwayland-cursor0, "
    "fontconfig-config, fonts-dejavu-core | fonts-noto-core | fonts-freefont-ttf"
)
CONTROL = """\
Package: lenet-desktop
Version: {version}
Architecture: {architecture}
Maintainer: The LeNet Desktop founders <lenet-desktop@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Section: education
Priority: optional
Description: drawing pad that reads handwritten digits
 Draw a digit and see it recognized while you draw; train LeNet with one
 button. Everything is inside, MNIST too: no network is needed.
"""


def main() -> None:
    """Make this system's downloads and SHA256SUMS."""
    name = f"lenet-desktop-{__version__}"
    if sys.platform == "win32":
        # Windows can unpack zip files without another program.
        shutil.make_archive(str(DIST / f"{name}-windows-{MACHINE}"), "zip", DIST, FOLDER.name)
    elif sys.platform == "darwin":
        make_dmg(DIST / f"{name}-macos-{MACHINE}.dmg")
    else:
        add_menu_files(FOLDER / "share")
        make_tar(DIST / f"{name}-linux-{MACHINE}.tar.gz")
        if shutil.which("dpkg-deb"):
            make_deb()
    files = sorted(path for path in DIST.iterdir() if path.is_file())
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    text = "".join(f"{value}  {name}\n" for name, value in sums.items())
    (DIST / f"SHA256SUMS-{sys.platform}").write_text(text)
    print(text, end="")


def add_menu_files(share: Path) -> None:
    """Copy the desktop entry, the metainfo and the icons to the standard folders of desktops."""
    copy(HERE / "lenet-desktop.desktop", share / "applications")
    copy(next(HERE.glob("*.metainfo.xml")), share / "metainfo")
    icons = share / "icons" / "hicolor"
    copy(ROOT / "resources" / "icon.svg", icons / "scalable" / "apps", "lenet-desktop.svg")
    for icon in (MADE / "icons").glob("*.png"):
        copy(icon, icons / f"{icon.stem}x{icon.stem}" / "apps", "lenet-desktop.png")


def copy(file: Path, folder: Path, name: str = "") -> None:
    """Copy a file into a folder, which is created if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / (name or file.name))


def make_tar(target: Path) -> None:
    """Pack the folder as .tar.gz; libdeflate compresses a little better than gzip."""
    import deflate

    def nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        return entry

    plain = MADE / "program.tar"
    with tarfile.open(plain, "w") as archive:
        archive.add(FOLDER, FOLDER.name, filter=nobody)
    beside = target.with_name(f"{target.name}.part")
    content = plain.read_bytes()
    starts = range(0, len(content), PART)
    with beside.open("wb") as file, ThreadPoolExecutor() as pool:
        # A concatenation of gzip files is a gzip file.
        for part in pool.map(lambda at: deflate.gzip_compress(content[at : at + PART], 12), starts):
            file.write(part)
    beside.replace(target)
    plain.unlink()


def make_deb() -> None:
    """Pack a Debian package: the program under /opt, its command and its menu entry in /usr."""
    root = MADE / "deb"
    shutil.rmtree(root, ignore_errors=True)
    program = root / "opt" / FOLDER.name
    shutil.copytree(FOLDER, program, symlinks=True, copy_function=link_or_copy)
    (root / "usr" / "bin").mkdir(parents=True)
    shutil.move(program / "share", root / "usr" / "share")
    (root / "usr" / "bin" / "lenet-desktop").symlink_to("/opt/lenet-desktop/lenet-desktop")
    documents = root / "usr" / "share" / "doc" / "lenet-desktop"
    documents.mkdir(parents=True)
    shutil.copyfile(MADE / "LICENCES.txt", documents / "copyright")
    changes = gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=0)
    (documents / "changelog.gz").write_bytes(changes)
    command = ["dpkg", "--print-architecture"]
    architecture = subprocess.run(command, capture_output=True, text=True, check=True)
    size = sum(path.lstat().st_size for path in root.rglob("*")) // 1024
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(
        CONTROL.format(
            version=__version__,
            architecture=(name := architecture.stdout.strip()),
            kilobytes=size,
            depends=DEPENDS.format(libc=platform.libc_ver()[1]),
        )
    )
    for path in root.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    deb = DIST / f"lenet-desktop_{__version__}_{name}.deb"
    run("dpkg-deb", "--root-owner-group", "-Zxz", "-z2", "--build", root, deb)


def link_or_copy(source: str, target: str) -> None:
    """Make a hard link to a file, or a copy if the file system has no links."""
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def make_dmg(target: Path) -> None:
    """Pack the application beside a link to the Applications folder."""
    folder = MADE / "dmg"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    run("cp", "-R", DIST / "LeNet Desktop.app", folder)
    (folder / "Applications").symlink_to("/Applications")
    run("hdiutil", "create", "-volname", "LeNet Desktop", "-srcfolder", folder, "-ov", target)


def run(*command: object) -> None:
    """Run a command; end when it fails."""
    subprocess.run([str(part) for part in command], check=True)


if __name__ == "__main__":
    main()
