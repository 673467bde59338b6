"""The packaged program compared with the same program run from source.

python tests/benchmarks/bundle.py [--program dist/lenet-desktop] [--python PYTHON] [--runs 5]

Prints the size of the program's folder by part. For both programs, run in turn, it prints the time
from the start of the process to the first paint and to the first answer, cold (after its files were
dropped from the page cache) and warm, and the memory at that time. It runs the self-test, which
prints when the window is painted and when the first digit is read. The best PYTHON is that of the
environment that build.py makes: it has the same torch, and no other program uses its files.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = {
    "torch: libtorch_cpu": ("torch/lib/libtorch_cpu",),
    "torch: the rest of its libraries": ("torch", "functorch", "libgomp"),
    "Qt: ICU's tables": ("libicu",),
    "Qt and PySide6": ("PySide6", "shiboken6", "libQt6", "libpyside6", "libshiboken6"),
    "numpy: OpenBLAS": ("numpy.libs", "libscipy_openblas"),
    "numpy": ("numpy",),
    "pillow": ("PIL", "pillow.libs"),
    "digits, models and icons": ("resources", "weights"),
    "Python": ("libpython", "python3", "base_library", "lib-dynload"),
}


def sizes(program: Path) -> Counter[str]:
    """Return the bytes of each part of the program's folder."""
    found: Counter[str] = Counter()
    for path in program.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        inside = path.relative_to(program).as_posix().removeprefix("_internal/")
        inside = inside.removeprefix("PySide6/Qt/lib/")
        part = next((p for p, starts in PARTS.items() if inside.startswith(starts)), None)
        if part is None:
            own = inside.startswith("lenet-desktop")
            part = "the executable: all Python modules" if own else "other libraries and packages"
        found[part] += path.stat().st_size
    return found


def forget(folders: Iterable[Path]) -> None:
    """Drop these files from the page cache, so that they are read from the disk."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                file = os.open(path, os.O_RDONLY)
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(file)


def run_self_test(command: list[str]) -> tuple[float, float, float]:
    """Return the seconds to the first paint and to the first answer, and the MiB in use then."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LENET_DESKTOP_HOME": home}
        if not environment.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        start = time.perf_counter()
        process = subprocess.Popen(
            [*command, "self-test"], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        assert process.stdout is not None
        paint = answer = memory = float("nan")
        for line in process.stdout:
            if line.startswith("window shown"):
                paint = time.perf_counter() - start
            elif line.startswith("0 read as"):
                answer = time.perf_counter() - start
                status = Path(f"/proc/{process.pid}/status").read_text()
                memory = int(status.split("VmRSS:")[1].split()[0]) / 1024
                break
        process.kill()
        process.wait()
        return paint, answer, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=ROOT / "dist" / "lenet-desktop")
    own = ROOT / "build" / "packaging" / "venv" / "bin" / "python"
    parser.add_argument("--python", type=Path, default=own if own.exists() else sys.executable)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    found = sizes(options.program)
    for part, size in found.most_common():
        print(f"{size / 1e6:7.1f} MB  {part}")
    print(f"{sum(found.values()) / 1e6:7.1f} MB  unpacked")
    for path in sorted(options.program.parent.glob("*-desktop[-_]*")):
        print(f"{path.stat().st_size / 1e6:7.1f} MB  {path.name}")

    commands = {
        "packaged": [str(options.program / "lenet-desktop")],
        "from source": [str(options.python), "-m", "lenet_desktop"],
    }
    ask = "import sys, sysconfig as s; print(s.get_path('purelib'), s.get_path('stdlib'))"
    done = subprocess.run([options.python, "-c", ask], capture_output=True, text=True, check=True)
    folders = {
        "packaged": [options.program],
        "from source": [*map(Path, done.stdout.split()), ROOT / "lenet_desktop"],
    }
    load = os.getloadavg()[0]
    seen: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for _ in range(options.runs):
        for name, command in commands.items():
            for state in ("cold", "warm"):
                if state == "cold":
                    forget(folders[name])
                seen.setdefault((name, state), []).append(run_self_test(command))
    print(f"\nmedian and worst of {options.runs} runs: first paint, first answer, memory then")
    print(f"(load of the machine before: {load:.2f}, on {os.cpu_count()} cores)")
    for (name, state), runs in seen.items():
        paints, answers, memories = zip(*runs, strict=True)
        print(
            f"{name:12} {state}  {statistics.median(paints):5.2f} s ({max(paints):.2f})  "
            f"{statistics.median(answers):5.2f} s ({max(answers):.2f})  "
            f"{statistics.median(memories):4.0f} MiB"
        )


if __name__ == "__main__":
    main()
