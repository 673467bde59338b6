"""Models of every architecture and of several sets of classes."""

import pytest

from exported_models import NAMES, model_named
from lenet_desktop.models.model_file import Model


@pytest.fixture(params=NAMES, scope="session")
def model(request: pytest.FixtureRequest) -> Model:
    """One model after another."""
    return model_named(request.param)
