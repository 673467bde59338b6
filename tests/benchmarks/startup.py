"""The time from the start of the process to the first paint and to the first answer.

python tests/benchmarks/startup.py [--runs 5]

They are compared with a Python process that only imports torch; the two run in turn.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

PAD = Path(__file__).with_name("measured_pad.py")


def run_pad(drawing_seconds: float, mnist: Path | None = None) -> dict[str, object]:
    """Start the pad, draw at once and close it; return what it measured."""
    command = [sys.executable, str(PAD), str(time.time()), str(drawing_seconds)]
    command += [str(mnist)] if mnist is not None else []
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seen: dict[str, object] = json.loads(done.stdout)
    return seen


def time_import() -> float:
    """Return the seconds that a process takes to import torch."""
    start = time.time()
    code = f"import torch, time; print(time.time() - {start})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    time_import(), run_pad(0.1)  # the first runs read from the disk
    paints, answers, imports = [], [], []
    for _ in range(runs):
        imports.append(time_import())
        seen = run_pad(0.1)
        paints.append(seen["first_paint"])
        answers.append(seen["first_answer"])
    torch_alone = statistics.median(imports)
    for name, values in (
        ("import torch alone", imports),
        ("first paint", paints),
        ("first answer", answers),
    ):
        median = statistics.median(values)
        print(
            f"{name:20} median {median:.2f} s  worst {max(values):.2f} s  "
            f"{median / torch_alone:.2f} x import"
        )


if __name__ == "__main__":
    main()
