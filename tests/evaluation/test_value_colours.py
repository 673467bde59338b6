"""Negative, zero and positive values have colours that are told apart."""

import numpy as np

from lenet_desktop.evaluation.value_colours import coloured, coloured_ink, scale


def test_the_sign_chooses_the_colour_and_the_size_its_strength() -> None:
    strong, weak, zero, faint, full = coloured(np.array([-2, -0.5, 0, 0.5, 2], np.float32), 2.0)
    assert (zero == 255).all()
    red, _, blue = strong.astype(int)
    assert red > blue + 100
    red, _, blue = full.astype(int)
    assert blue > red + 100
    for part, whole in ((weak, strong), (faint, full)):
        assert (part >= whole).all()
        assert part.min() < 255
    # A value beyond the largest has its colour; if all are 0, so is the largest.
    np.testing.assert_array_equal(coloured(np.array([3], np.float32), 2.0)[0], full)
    assert (coloured(np.zeros(3, np.float32), 0.0) == 255).all()


def test_the_scale_runs_from_negative_over_white_to_positive() -> None:
    pixels = np.asarray(scale(101, 4))
    assert pixels.shape == (4, 101, 3)
    expected = coloured(np.array([-1, 0, 1], np.float32), 1.0)
    np.testing.assert_array_equal(pixels[2, [0, 50, 100]], expected)


def test_ink_darkens_every_colour() -> None:
    values = np.zeros((28, 28), np.float32)
    values[:, 0], values[:, 1] = -1, 1
    bare = coloured_ink(values, np.zeros((28, 28), np.float32))
    inked = coloured_ink(values, np.ones((28, 28), np.float32))
    np.testing.assert_array_equal(bare, coloured(values, 1.0))
    assert (inked < bare).all()
    assert len(set(inked[0, 3].tolist())) == 1, "ink alone is gray"
