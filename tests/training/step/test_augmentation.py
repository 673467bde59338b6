"""Augmentation of real digits."""

import dataclasses

import pytest
import torch
from torch import Tensor

from lenet_desktop.data.starter import starter_digits
from lenet_desktop.training.step.augmentation import AUGMENTATIONS, Augmentation, augment


@pytest.fixture(scope="module")
def samples() -> Tensor:
    return starter_digits().train.images[:500].unsqueeze(1) / 255


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def centres(samples: Tensor) -> Tensor:
    """Return the centre of mass of each sample, (N, 2): x, y in pixels."""
    places = torch.arange(28.0)
    mass = samples.sum((1, 2, 3))
    x = (samples.sum((1, 2)) * places).sum(1) / mass
    y = (samples.sum((1, 3)) * places).sum(1) / mass
    return torch.stack([x, y], 1)


@pytest.mark.parametrize("name", [name for name, value in AUGMENTATIONS.items() if value])
def test_augmented_samples_are_samples(samples: Tensor, name: str) -> None:
    by = AUGMENTATIONS[name]
    assert by is not None
    distorted = augment(samples, by, generator())
    assert distorted.shape == samples.shape
    assert distorted.dtype == torch.float32
    assert float(distorted.min()) >= 0
    assert float(distorted.max()) <= 1
    changed = (distorted - samples).abs().mean((1, 2, 3))
    assert bool((changed > 0.003).all()), "every sample is distorted"
    assert 0.8 < float(distorted.mean() / samples.mean()) < 1.25


def test_only_the_generator_decides_the_distortion(samples: Tensor) -> None:
    by = AUGMENTATIONS["strong"]
    assert by is not None
    state = torch.get_rng_state()
    once = augment(samples, by, generator())
    assert torch.equal(once, augment(samples, by, generator()))
    assert not torch.equal(once, augment(samples, by, generator(2)))
    assert torch.equal(state, torch.get_rng_state())


def test_equal_samples_are_distorted_differently(samples: Tensor) -> None:
    by = AUGMENTATIONS["strong"]
    assert by is not None
    twins = augment(samples[:1].expand(50, 1, 28, 28), by, generator())
    assert len(torch.unique(twins.flatten(1), dim=0)) == 50


def test_an_augmentation_of_zero_changes_nothing(samples: Tensor) -> None:
    assert torch.allclose(augment(samples, Augmentation(), generator()), samples, atol=1e-4)


def test_shifts_are_within_their_range(samples: Tensor) -> None:
    moved = centres(augment(samples, Augmentation(shift=2), generator())) - centres(samples)
    assert float(moved.abs().max()) < 2.05
    assert float(moved.abs().max()) > 1.8
    assert moved.mean(0).abs().max() < 0.2


def test_elastic_is_in_pixels() -> None:
    """A horizontal gradient shows how far each pixel was moved along it."""
    slope = (torch.arange(28.0) / 27).expand(2000, 1, 28, 28)
    moved = (augment(slope, Augmentation(elastic=0.7), generator()) - slope) * 27
    inside = moved[:, :, 4:-4, 4:-4]  # nothing comes from beyond the edge
    assert float(inside.std()) == pytest.approx(0.7, rel=0.1)
    assert float(inside.mean()) == pytest.approx(0, abs=0.05)


def test_rotation_turns_by_its_degrees() -> None:
    bar = torch.zeros(300, 1, 28, 28)
    bar[:, :, 13:15, 4:24] = 1
    turned = augment(bar, Augmentation(rotation=20), generator())
    y, x = torch.meshgrid(torch.arange(28.0) - 13.5, torch.arange(28.0) - 13.5, indexing="ij")
    across = (turned * x * y).sum((1, 2, 3)) * 2
    along = (turned * (x * x - y * y)).sum((1, 2, 3))
    angles = torch.rad2deg(torch.atan2(across, along) / 2)
    assert 18 < float(angles.max()) < 20.5
    assert -20.5 < float(angles.min()) < -18


def test_thicken_adds_ink_and_thin_removes_it(samples: Tensor) -> None:
    ink = samples.sum((1, 2, 3))
    thick = augment(samples, Augmentation(thicken=1.0), generator()).sum((1, 2, 3))
    thin = augment(samples, Augmentation(thin=0.8), generator()).sum((1, 2, 3))
    assert bool((thick > ink * 0.999).all())
    assert float((thick / ink).mean()) > 1.15
    assert bool((thin < ink * 1.001).all())
    assert float((thin / ink).mean()) < 0.85


def test_values_outside_their_range_are_refused() -> None:
    for change in ({"rotation": -1}, {"thin": 1.5}, {"stretch": 1.0}, {"shift": float("nan")}):
        with pytest.raises(ValueError, match=f"{next(iter(change))} must be from 0"):
            dataclasses.replace(Augmentation(), **change)
