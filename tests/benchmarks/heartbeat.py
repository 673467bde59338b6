"""How long the window stands still: the gaps of a 4 ms timer from the first paint on.

python tests/benchmarks/heartbeat.py [--runs 5]

A mouse draws all the while; the model loads in the first second or two.
"""

import argparse

import numpy as np
from startup import run_pad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    run_pad(0.1)  # the first reads the disk
    worst = []
    for _ in range(runs):
        gaps = np.array(run_pad(3.0)["gaps_ms"])
        worst.append(gaps.max())
        p50, p95, p99 = np.percentile(gaps, [50, 95, 99])
        print(
            f"{len(gaps)} beats: p50 {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f}  "
            f"worst {gaps.max():.0f} ms"
        )
    print(f"worst of all: {max(worst):.0f} ms, {max(worst) / 4:.0f} x the timer's 4 ms")


if __name__ == "__main__":
    main()
