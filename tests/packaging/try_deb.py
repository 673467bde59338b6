"""Install the Debian package, start it by its menu entry, remove it; as root, on Debian.

python tests/packaging/try_deb.py [dist/lenet-desktop_….deb]
"""

import configparser
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from try_bundle import ROOT, check, screen, text_of

APPLICATIONS = Path("/usr/share/applications/lenet-desktop.desktop")
METAINFO = Path("/usr/share/metainfo")


def run(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", **more},
    )


def must(*words: object, **more: str) -> str:
    done = run(*words, **more)
    check(done.returncode == 0, f"{words}: {text_of(done)}")
    return done.stdout


def try_menu_entry(home: Path) -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(APPLICATIONS)
    command = shlex.split(entry["Desktop Entry"]["Exec"])
    icon = entry["Desktop Entry"]["Icon"]
    icons = list(Path("/usr/share/icons/hicolor").rglob(f"{icon}.*"))
    check(len(icons) >= 8, f"only {icons}")
    with screen() as display:
        surroundings = {"DISPLAY": display, "HOME": str(home)}
        said = must(*command, "self-test", **surroundings)
        check("self-test passed" in said, said)
        window = subprocess.Popen(command, env={"PATH": "/usr/bin", **surroundings})
        time.sleep(5)
        check(window.poll() is None, "the window has closed")
        window.terminate()
        window.wait(timeout=30)


def main() -> int:
    deb = Path(sys.argv[1]) if len(sys.argv) > 1 else next((ROOT / "dist").glob("*.deb"))
    must("apt-get", "install", "--yes", "--no-install-recommends", deb.resolve())
    try:
        if run("which", "desktop-file-validate").returncode == 0:
            must("desktop-file-validate", APPLICATIONS)
        if run("which", "appstreamcli").returncode == 0:
            must("appstreamcli", "validate", "--no-net", *METAINFO.glob("*lenet*.xml"))
        with tempfile.TemporaryDirectory() as home:
            try_menu_entry(Path(home))
            must("apt-get", "remove", "--yes", "lenet-desktop")
            kept = Path(home, ".config", "lenet-desktop", "settings.ini")
            check(kept.is_file(), "removing the program also removed the user's settings")
    finally:
        run("apt-get", "purge", "--yes", "lenet-desktop")
    left = [Path("/opt/lenet-desktop"), Path("/usr/bin/lenet-desktop"), APPLICATIONS]
    left += [*METAINFO.glob("*lenet*"), Path("/usr/share/doc/lenet-desktop")]
    check(not any(path.exists() for path in left), f"left behind: {left}")
    print("the package was installed, started from its menu entry and removed completely")
    return 0


if __name__ == "__main__":
    sys.exit(main())
