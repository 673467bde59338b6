"""The file of a web page: one, small, closed to the outside, and safe with any text."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from torch import Tensor, nn

from exported_models import HOSTILE, model_named
from lenet_desktop import paths
from lenet_desktop.errors import UserError
from lenet_desktop.export.web_page import write_web_page
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.ui.style.theme import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT


class Page(HTMLParser):
    """A page as a browser parses it.

    Attributes:
        tags: the name and the attributes of each element.
        texts: the text of each script, style, title and entry of the card, by element.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside][-1] += data


def page_of(model: Model, folder: Path) -> Page:
    write_web_page(model, folder / "pad.html")
    return Page((folder / "pad.html").read_text(encoding="utf-8"))


def test_it_is_smaller_than_1_mb_and_always_the_same(model: Model, tmp_path: Path) -> None:
    for name in ("one.html", "other.html"):
        write_web_page(model, tmp_path / name)
    content = (tmp_path / "one.html").read_bytes()
    assert 200_000 < len(content) < 1_000_000
    assert content == (tmp_path / "other.html").read_bytes()


def test_its_policy_allows_its_own_script_and_style_only(model: Model, tmp_path: Path) -> None:
    page = page_of(model, tmp_path)
    (policy,) = (a["content"] for tag, a in page.tags if "http-equiv" in a)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for kind, text in (("script", page.texts["script"][1]), ("style", page.texts["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    assert "unsafe" not in policy


def test_nothing_comes_from_elsewhere(model: Model, tmp_path: Path) -> None:
    page = page_of(model, tmp_path)
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "link", "style", "body", "noscript", "main", "h1"),
        *("div", "button", "label", "input", "canvas", "section", "p", "ul", "details"),
        *("summary", "dl", "dt", "dd", "script", "span"),
    }
    links = [
        a for _, attributes in page.tags for a in attributes.items() if a[0] in ("src", "href")
    ]
    assert links == [("href", "data:,")]
    for text in (page.texts["style"][0], page.texts["script"][1]):
        assert not re.search(r"https?:|//\w+\.\w|@import|url\(|fetch|XMLHttp|eval|innerHTML", text)


def test_hostile_names_are_text(tmp_path: Path) -> None:
    model = model_named("lenet-variant")
    page = page_of(model, tmp_path)
    assert page.texts["title"] == page.texts["h1"] == ["<b>lenet-variant</b> </title>"]
    assert len(page.texts["script"]) == 2
    data = json.loads(page.texts["script"][0])
    assert data["classes"] == list(HOSTILE)
    names, texts = page.texts["dt"], page.texts["dd"]
    card = dict(zip(names, texts, strict=True))
    assert card["Classes"] == ", ".join(HOSTILE)
    assert card["Trained on"] == "<i>somebody's</i> drawings, CC BY 4.0"


def test_the_card_tells_where_the_model_comes_from(tmp_path: Path) -> None:
    page = page_of(model_named("factory"), tmp_path)
    card = dict(zip(page.texts["dt"], page.texts["dd"], strict=True))
    assert card["Network"] == "lenet, 61,706 parameters"
    assert card["Read correctly"] == "99.46 % of the test images of MNIST"
    assert "CC BY-SA 3.0" in card["Trained on"]
    assert "MIT" in card["Licence"]


class _Unknown(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(28 * 28, 10)
        self.softplus = nn.Softplus()

    def forward(self, samples: Tensor) -> Tensor:
        logits: Tensor = self.softplus(self.fc(samples.flatten(1)))
        return logits


def test_a_network_that_the_page_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read with the network 'odd'"):
        write_web_page(Model(_Unknown(), ModelCard("odd", architecture="odd")), tmp_path / "p.html")
    assert not (tmp_path / "p.html").exists()


def test_its_colours_are_those_of_the_window() -> None:
    style = (paths.resource("web-pad") / "style.css").read_text(encoding="utf-8")
    themes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    for text, theme in zip(themes, (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK), strict=True):
        colours = dict(re.findall(r"--([\w-]+): (#\w+);", text))
        assert len(colours) == 12
        for name, colour in colours.items():
            assert colour == getattr(theme, name.replace("-", "_")), name
