"""Test the packaged program as on a user's computer: python tests/packaging/try_bundle.py

Needs only Python and the program that resources/packaging/build.py has built. Each test uses a copy
in another folder with an empty home, without Python in the PATH and, where permitted, without a
network. On Linux, Xvfb provides a screen for the tests that need one.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINUX = sys.platform == "linux"


class Trial:
    """A new copy of the program and an empty home."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home of Zoë Ünal 数字"
        self.home.mkdir()
        self.place = folder / "the program"
        copy(program, self.place)

    @property
    def executable(self) -> Path:
        if sys.platform == "win32":
            return self.place / "lenet-desktop-cli.exe"
        if sys.platform == "darwin":
            return self.place / "Contents" / "MacOS" / "lenet-desktop"
        return self.place / "lenet-desktop"

    @property
    def inside(self) -> Path:
        """The folder that holds its resources."""
        if sys.platform == "darwin":
            return self.place / "Contents" / "Resources"
        return self.place / "_internal"

    @property
    def models(self) -> Path:
        """The folder of the kept models on this system."""
        if sys.platform == "win32":
            return self.home / "data" / "models"
        if sys.platform == "darwin":
            return self.home / "Library" / "Application Support" / "lenet-desktop" / "models"
        return self.home / ".local" / "share" / "lenet-desktop" / "models"

    def environment(self, **more: str) -> dict[str, str]:
        """Return an environment without this computer's Python, libraries and settings."""
        kept = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "COMSPEC", "LANG")
        clean = {name: os.environ[name] for name in kept if name in os.environ}
        clean |= {"HOME": str(self.home), "USERPROFILE": str(self.home)}
        if sys.platform == "win32":
            # On Windows the user's folders do not depend on the environment.
            clean |= {"LENET_DESKTOP_HOME": str(self.home)}
        clean |= {"PATH": str(self.folder / "nothing here"), "QT_QPA_PLATFORM": "offscreen"}
        return {name: value for name, value in (clean | more).items() if value}

    def run(self, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the program and wait for its end."""
        command = [*without_network(), str(self.executable), *map(str, arguments)]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=600,
            check=False,
            cwd=self.home,
            env=self.environment(**more),
        )

    def self_test(self, **more: str) -> str:
        """Run its self-test, which has to pass; return its output."""
        done = self.run("self-test", **more)
        check(done.returncode == 0 and "self-test passed" in done.stdout, text_of(done))
        return done.stdout


def without_network() -> list[str]:
    """Return a prefix that runs a command without a network, or nothing if not permitted."""
    words = [shutil.which("unshare") or "unshare", "--net"]
    if os.name == "nt" or sys.platform == "darwin" or subprocess.call([*words, "true"]) != 0:
        return []
    return words


@contextmanager
def window(trial: Trial, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """Open the pad and kill it at the end."""
    command = [trial.executable, *map(str, arguments)]
    process = subprocess.Popen(
        command, env=trial.environment(), cwd=trial.home, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def copy(program: Path, target: Path) -> None:
    shutil.copytree(program, target, symlinks=True)


def check(condition: bool, otherwise: str) -> None:
    if not condition:
        raise AssertionError(otherwise)


def text_of(done: subprocess.CompletedProcess[str]) -> str:
    return f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"


@contextmanager
def screen() -> Iterator[str]:
    """Start a virtual screen; yield its name."""
    read, write = os.pipe()
    # Xvfb chooses a free number and writes it to this file.
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL)
    try:
        os.close(write)
        with os.fdopen(read) as file:
            yield f":{file.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


# The tests


def without_a_screen(trial: Trial) -> None:
    said = trial.self_test()
    check("your kept models: none" in said, said)


def command_line(trial: Trial) -> None:
    strokes = trial.inside / "resources" / "demo-strokes.jsonl"
    done = trial.run("recognize", strokes)
    check(done.returncode == 0 and done.stdout.count("(") == 10, text_of(done))
    done = trial.run("--version")
    check(done.returncode == 0 and "lenet-desktop" in done.stdout, text_of(done))


def all_of_mnist(trial: Trial) -> None:
    mnist, model = trial.inside / "resources" / "mnist", trial.home / "from MNIST.safetensors"
    done = trial.run("train", "--data", mnist, "--epochs", 1, "--output", model)
    check(done.returncode == 0 and "55,000 of MNIST" in done.stdout, text_of(done))
    check(model.is_file(), "no model was written")


def mistakes_as_a_picture(trial: Trial) -> None:
    picture = trial.home / "mistakes.png"
    done = trial.run("evaluate", "--mistakes", picture)
    check(done.returncode == 0 and "read correctly" in done.stdout, text_of(done))
    check(picture.stat().st_size > 1000, "the picture of the mistakes is empty")


def lessons(trial: Trial) -> None:
    files = sorted((trial.inside / "resources" / "lessons").glob("*.toml"))
    check(len(files) == 6 and all(f.stat().st_size > 500 for f in files), f"lessons: {files}")


def a_web_page_but_no_onnx(trial: Trial) -> None:
    page = trial.home / "pad.html"
    done = trial.run("export", "factory", "--to", "web", page)
    check(done.returncode == 0 and not done.stderr, text_of(done))
    content = page.read_text(encoding="utf-8")
    check("lenetDesktop" in content and content.rstrip().endswith("</html>"), "it is not complete")
    done = trial.run("export", "factory", "--to", "onnx", trial.home / "model.onnx")
    check(done.returncode == 2 and "cannot export to ONNX" in done.stderr, text_of(done))


def hostile_models(trial: Trial) -> None:
    """A damaged model file is reported in one sentence, on the command line and in the window."""
    strokes = trial.inside / "resources" / "demo-strokes.jsonl"
    whole = (trial.inside / "weights" / "lenet5-mnist.safetensors").read_bytes()
    for name, content in {
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "endless": b"\xff" * 8 + whole[8:],
        "pickle": b"\x80\x04cposix\nsystem\n(S'touch stolen'\ntR.",
    }.items():
        model = trial.home / f"{name}.safetensors"
        model.write_bytes(content)
        done = trial.run("--model", model, "recognize", strokes)
        one_line = done.stderr.count("\n") == 1 and str(model) in done.stderr
        check(done.returncode == 2 and one_line, f"{name}: {text_of(done)}")
        with window(trial, "--model", model) as process:
            time.sleep(4)
            check(process.poll() is None, f"{name}: the window has closed")
    check(not (trial.home / "stolen").exists(), "a model file ran code")


def a_crash(trial: Trial) -> None:
    """After a crash, the log shows what every thread was doing."""
    with window(trial) as process:
        limit = time.monotonic() + 60
        while not (logs := list(trial.home.rglob("lenet-desktop.log"))):
            check(time.monotonic() < limit, "there is no log")
            time.sleep(0.1)
        time.sleep(4)
        process.send_signal(signal.SIGSEGV)
        process.wait(timeout=60)
    said = logs[0].read_text(encoding="utf-8")
    check("Segmentation fault" in said and "Thread" in said, f"the log says: {said}")


def a_newer_program(trial: Trial) -> None:
    """The kept models are still there after the program's folder was replaced."""
    trial.models.mkdir(parents=True)
    model = trial.models / "mine.safetensors"
    done = trial.run("train", "--epochs", 1, "--name", "Zoë's own", "--output", model)
    check(done.returncode == 0, text_of(done))
    before = model.read_bytes()
    newer = trial.folder / "newer"
    copy(trial.place, newer)
    shutil.rmtree(trial.place)
    newer.rename(trial.place)
    said = trial.self_test()
    check("your kept models: Zoë's own" in said, said)
    check(model.read_bytes() == before, "the user's model was changed")


def a_folder_that_cannot_be_written(trial: Trial) -> None:
    paths = [trial.place, *trial.place.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths if not path.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        if LINUX and os.geteuid() == 0:
            # Root may write anyway: compare the times of the files afterwards.
            before = times(trial.place)
            trial.self_test()
            check(before == times(trial.place), "something in the program's folder was written")
        else:
            trial.self_test()
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


def no_screen_at_all(trial: Trial) -> None:
    done = trial.run(QT_QPA_PLATFORM="")
    check(done.returncode == 2 and "There is no display" in done.stderr, text_of(done))
    check("Traceback" not in done.stderr, text_of(done))


def on_a_screen(trial: Trial) -> None:
    with screen() as display:
        picture = trial.home / "window.png"
        done = trial.run("self-test", "--screenshot", picture, QT_QPA_PLATFORM="", DISPLAY=display)
        check(done.returncode == 0, text_of(done))
        check(picture.stat().st_size > 10_000, "the picture of the window is empty")


def two_at_a_time(trial: Trial) -> None:
    """Two windows use the same settings; both end on SIGTERM."""
    with screen() as display:
        environment = trial.environment(QT_QPA_PLATFORM="", DISPLAY=display)
        both = [
            subprocess.Popen([trial.executable], env=environment, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        try:
            said = trial.self_test(QT_QPA_PLATFORM="", DISPLAY=display)
            check("self-test passed" in said, said)
            time.sleep(2)
            check(all(each.poll() is None for each in both), "a window has closed")
        finally:
            for each in both:
                each.send_signal(signal.SIGTERM)
            errors = [each.communicate(timeout=30)[1] for each in both]
    check(errors == [b"", b""], f"{errors}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = ROOT / "dist" / ("LeNet Desktop.app" if sys.platform == "darwin" else "lenet-desktop")
    parser.add_argument("program", type=Path, nargs="?", default=default, help="its folder")
    program = parser.parse_args().program.resolve()
    trials: list[Callable[[Trial], None]] = [without_a_screen, command_line, all_of_mnist]
    trials += [mistakes_as_a_picture, a_web_page_but_no_onnx, lessons, hostile_models]
    trials += [a_newer_program, a_folder_that_cannot_be_written]
    if LINUX:
        trials += [a_crash, no_screen_at_all, on_a_screen, two_at_a_time]
    if LINUX and not without_network():
        print("note: no permission to switch off the network here; the tests can reach it")
    failed = 0
    for each in trials:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                each(Trial(program, Path(folder)))
            except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"FAILED {each.__name__}: {error}")
            else:
                print(f"passed {each.__name__}, {time.perf_counter() - start:.1f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
