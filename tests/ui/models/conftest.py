"""Kept models, and a session that reads with one of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hands import LOADING_MS
from lenet_desktop import paths
from lenet_desktop.models import library, model_file
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.settings import Settings

Keep = Callable[..., Path]


@pytest.fixture
def keep(home: Path) -> Keep:
    """Keep the factory model under another name and with other entries in its card."""

    def keep(name: str, **card: object) -> Path:
        model = model_file.load(paths.factory_model())
        return library.keep(replace(model, card=replace(model.card, **card)), name)

    return keep


@pytest.fixture
def mine(keep: Keep) -> Path:
    """A kept model."""
    return keep("mine")


@pytest.fixture
def session(qtbot: QtBot, mine: Path) -> Iterator[Session]:
    """A session that reads with that model."""
    session = Session(Settings(), model=mine)
    session.start()
    qtbot.waitUntil(lambda: session.model is not None, timeout=LOADING_MS)
    yield session
    session.stop()
    session.deleteLater()
