from collections.abc import Iterator

import pytest
import torch

from lenet_desktop.core.non_digits import KINDS, draw_non_digits, templates


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Keep torch from waiting for a second core that other tests may be using."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("count", [0, 1, 7, 250])
def test_as_many_are_drawn_as_asked_for(count: int) -> None:
    images = draw_non_digits(count, seed=count)
    assert images.shape == (count, 28, 28)
    assert images.dtype == torch.uint8


def test_the_same_seed_gives_the_same_non_digits_bit_for_bit() -> None:
    before = torch.random.get_rng_state()
    images = draw_non_digits(40, seed=3)
    torch.set_num_threads(2)
    assert torch.equal(images, draw_non_digits(40, seed=3))
    assert not torch.equal(images, draw_non_digits(40, seed=4))
    assert torch.equal(before, torch.random.get_rng_state()), "torch's own numbers were drawn from"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_fills_the_box_that_preprocess_fills(kind: str) -> None:
    images = draw_non_digits(60, seed=1, kinds=[kind])
    assert images.shape == (60, 28, 28)
    sizes = []
    for image in images:
        rows, columns = (image > 0).nonzero(as_tuple=True)
        sizes.append(max(int(rows.max() - rows.min()), int(columns.max() - columns.min())) + 1)
    assert max(sizes) <= 20
    # A texture's ink may end before its box does.
    assert min(sizes) >= (10 if kind == "texture" else 18)
    assert int(images.flatten(1).amax(dim=1).min()) >= 100


def test_each_template_is_drawn_under_a_name_of_its_own() -> None:
    names = [style.name for among in templates().values() for style in among]
    assert len(names) == len(set(names))
    assert set(templates()) <= set(KINDS)
    for among in templates().values():
        for style in among:
            assert 0 < style.share < 10
            assert float(style.drawings.min()) > -0.3
            assert float(style.drawings.max()) < 1.3
