"""How long the window does not respond: the gaps of a 4 ms timer from the first paint on.

python tests/benchmarks/heartbeat.py [--runs 5] [--training MNIST]

A mouse draws all the time; the model loads in the first second or two. With --training and a
folder that holds MNIST, a LeNet is trained at the same time in the open drawer and reads the same
drawing; the time from ink to answer is printed too.
"""

import argparse
from pathlib import Path

import numpy as np
from startup import run_pad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--training", type=Path, metavar="MNIST")
    options = parser.parse_args()
    runs, seconds = options.runs, 3.0 if options.training is None else 20.0
    run_pad(0.1)  # the first run reads from the disk
    worst = []
    for _ in range(runs):
        seen = run_pad(seconds, options.training)
        gaps = np.array(seen["gaps_ms"])
        worst.append(gaps.max())
        p50, p95, p99 = np.percentile(gaps, [50, 95, 99])
        print(
            f"{len(gaps)} beats: p50 {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f}  "
            f"worst {gaps.max():.0f} ms"
        )
        if options.training is not None:
            p50, p95, p99 = np.percentile(seen["latencies_ms"], [50, 95, 99])
            print(
                f"  ink to answer: p50 {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f} ms, while "
                f"{seen['training_steps']} steps were trained; the challenger read "
                f"{seen['challenger_readings'] / seconds:.1f} times a second"
            )
    print(f"worst of all: {max(worst):.0f} ms, {max(worst) / 4:.0f} x the timer's 4 ms")


if __name__ == "__main__":
    main()
