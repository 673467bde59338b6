"""Random numbers from a seeded generator."""

from collections.abc import Sequence

import torch
from torch import Generator, Tensor


def uniform(shape: tuple[int, ...], low: float, high: float, random: Generator) -> Tensor:
    """Return uniform numbers from ``low`` to ``high``."""
    return torch.rand(shape, generator=random) * (high - low) + low


def normal(shape: tuple[int, ...], deviation: float, random: Generator) -> Tensor:
    """Return normal numbers without outliers: none beyond two and a half standard deviations."""
    return torch.randn(shape, generator=random).clamp_(-2.5, 2.5) * deviation


def integers(shape: tuple[int, ...], low: int, high: int, random: Generator) -> Tensor:
    """Return integers from ``low`` to ``high``, both included."""
    return torch.randint(low, high + 1, shape, generator=random)


def divide(count: int, shares: Sequence[float], random: Generator) -> list[int]:
    """Return how many of ``count`` fall on each share; the shares need not add up to 1."""
    if not count:
        return [0] * len(shares)
    chosen = torch.multinomial(torch.tensor(shares).float(), count, True, generator=random)
    parts: list[int] = torch.bincount(chosen, minlength=len(shares)).tolist()
    return parts
