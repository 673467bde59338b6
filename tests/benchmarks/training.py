"""The usual tutorial loop and the recipe 'quick', side by side on all of MNIST.

    python tests/benchmarks/training.py --data ../shared/mnist

Each runs in a process of its own, so that its peak memory can be measured. Both train on the same
55,000 digits, the tutorial loop until it first reads 99.0 % of the same 5,000 validation digits at
the end of an epoch, 'quick' to its end. The limit of the machine is printed beside them: 2.5
million operations a digit at the speed of a large float32 matrix product.

Digits per second count all images trained on, the synthetic ones of 'quick' too, and the time spent
training. Seconds to 99.0 % count all the time, with drawing and validation.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset

from lenet_desktop.data.catalog import mnist
from lenet_desktop.data.published import published_mnist
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.training.loop import train
from lenet_desktop.training.recipe import RECIPES

GOAL = 0.99
OPERATIONS_A_DIGIT = 2.5e6


def tutorial(root: Path, device: torch.device, seed: int, epochs: int) -> dict[str, Any]:
    """Train as tutorials do, without the digits kept for validation."""
    from torchvision import transforms
    from torchvision.datasets import MNIST
    from torchvision.datasets.utils import extract_archive

    torch.manual_seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "MNIST" / "raw"
        raw.mkdir(parents=True)
        for archive in published_mnist().archives:
            extract_archive(root / "MNIST" / "raw" / archive.file, raw)
        transform = transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))]
        )
        digits = MNIST(folder, train=True, transform=transform)
    kept = torch.zeros(len(digits), dtype=torch.bool)
    for digit in range(10):
        kept[(digits.targets == digit).nonzero()[:500, 0]] = True
    loader = DataLoader(Subset(digits, (~kept).nonzero()[:, 0].tolist()), 64, shuffle=True)
    validation = DataLoader(Subset(digits, kept.nonzero()[:, 0].tolist()), 1000)

    network = LeNet().to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()
    began, training_seconds, accuracies = time.perf_counter(), 0.0, []
    reached = None
    for _ in range(epochs):
        epoch_began = time.perf_counter()
        network.train()
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            optimizer.zero_grad()
            loss = criterion(network(images), labels)
            loss.backward()
            optimizer.step()
        training_seconds += time.perf_counter() - epoch_began
        network.eval()
        right = 0
        with torch.no_grad():
            for images, labels in validation:
                found = network(images.to(device)).argmax(1).cpu()
                right += int((found == labels).sum())
        accuracies.append(right / 5000)
        if accuracies[-1] >= GOAL:
            reached = time.perf_counter() - began
            break
    return {
        "digits_per_second": len(accuracies) * 55_000 / training_seconds,
        "seconds_to_goal": reached,
        "accuracies": accuracies,
    }


def quick(root: Path, device: torch.device, seed: int) -> dict[str, Any]:
    """Train with the recipe 'quick' to its end."""
    data = mnist(root)
    recipe = dataclasses.replace(RECIPES["quick"], seed=seed)
    began, accuracies = time.perf_counter(), []
    reached = None
    # All images of an epoch, the synthetic ones too.
    count = len(data.train) + recipe.pen_digits + recipe.outliers
    training_seconds, seen, before = 0.0, 0, began
    for record in train(recipe, data, device=device):
        now = time.perf_counter()
        if record.step > seen:
            training_seconds += now - before
        seen, before = record.step, now
        if record.validation_accuracy is not None:
            accuracies.append(record.validation_accuracy)
            if reached is None and record.validation_accuracy >= GOAL:
                reached = now - began
    return {
        "digits_per_second": count * recipe.epochs / training_seconds,
        "seconds_to_goal": reached,
        "accuracies": accuracies,
    }


def limit() -> dict[str, Any]:
    """Measure the speed of a large matrix product on all cores."""
    size, count = 2048, 0
    matrix = torch.rand(size, size)
    for _ in range(3):
        matrix @ matrix
    began = time.perf_counter()
    while time.perf_counter() - began < 3:
        matrix @ matrix
        count += 1
    speed = count * 2 * size**3 / (time.perf_counter() - began)
    return {"operations_per_second": speed, "digits_per_second": speed / OPERATIONS_A_DIGIT}


def peak_memory() -> int | None:
    """Return the peak memory of this process in bytes, or None if the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def in_process_of_its_own(part: str, options: argparse.Namespace, seed: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--data", str(options.data), "--part", part]
    command += ["--device", options.device, "--seed", str(seed), "--epochs", str(options.epochs)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def show(name: str, result: dict[str, Any]) -> None:
    seconds = result["seconds_to_goal"]
    memory = result["memory"]
    print(
        f"{name:<10}{result['digits_per_second']:>10,.0f} digits/s   99.0 % after "
        + (f"{seconds:6.1f} s" if seconds else " (never)")
        + (f"   peak memory {memory / 2**20:,.0f} MB" if memory else "")
        + "   validation "
        + " ".join(f"{accuracy:.2%}" for accuracy in result["accuracies"]),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/mnist"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seeds", type=int, default=1, help="how often to run both")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=15, help="when the tutorial gives up")
    parser.add_argument("--part", choices=["tutorial", "quick", "limit"])
    options = parser.parse_args()
    device = torch.device(options.device)
    if options.part:
        if options.part == "tutorial":
            result = tutorial(options.data, device, options.seed, options.epochs)
        else:
            result = (
                quick(options.data, device, options.seed) if options.part == "quick" else limit()
            )
        print(json.dumps({**result, "memory": peak_memory()}))
        return
    print(f"torch {torch.__version__}, {os.cpu_count()} cores, device {device}")
    for seed in range(options.seed, options.seed + options.seeds):
        ours = in_process_of_its_own("quick", options, seed)
        show("quick", ours)
        machine = in_process_of_its_own("limit", options, seed)
        print(
            f"limit     {machine['digits_per_second']:>10,.0f} digits/s   "
            f"({machine['operations_per_second'] / 1e9:.0f} GFLOP/s)",
            flush=True,
        )
        theirs = in_process_of_its_own("tutorial", options, seed)
        show("tutorial", theirs)
        print(f"digits/s: {ours['digits_per_second'] / theirs['digits_per_second']:.1f} times")
        if ours["seconds_to_goal"] and theirs["seconds_to_goal"]:
            share = ours["seconds_to_goal"] / theirs["seconds_to_goal"]
            print(f"time to 99.0 %: {share:.3f} of the tutorial's")
        print(f"limit / quick: {machine['digits_per_second'] / ours['digits_per_second']:.1f}")


if __name__ == "__main__":
    main()
