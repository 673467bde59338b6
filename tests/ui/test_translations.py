"""Every text that a person sees in the window goes through Qt's translation calls.

Two views of the same rule: the source is searched for literals that are shown without a call, and a
window is opened in a language in which every translated text is marked.
"""

import ast
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

import lenet_desktop.ui
from drawers import click, open_drawer, wait_for_the_end
from hands import ANSWER_MS, LOADING_MS, draw
from lenet_desktop.errors import Text, UserError
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind
from lenet_desktop.ui.translated import translated
from lenet_desktop.ui.window.main_window import MainWindow

UI = Path(lenet_desktop.ui.__file__).parent
# These print for developers, have no Qt, or look up texts that are literals in the core.
_WITHOUT_TEXTS = {"self_test.py", "display.py", "translated.py"}

_SHOW_A_TEXT = {
    "addAction", "addButton", "addItem", "addItems", "addMenu", "addRow", "addTab",
    "getOpenFileName", "getSaveFileName", "getExistingDirectory", "information",
    "insertItem", "ask_save_name", "question", "say", "setAccessibleDescription",
    "setAccessibleName", "setHeaderLabels", "setHorizontalHeaderLabels", "setInformativeText",
    "setItemText", "setLabel", "setPlaceholderText", "setPrefix", "setStatusTip",
    "setSpecialValueText", "setSuffix", "setText", "setTitle", "setToolTip", "setWhatsThis",
    "setWindowTitle", "show_message", "show_sentence", "showMessage", "showText",
    "QAction", "QCheckBox", "QCommandLinkButton", "QGroupBox", "QLabel", "QListWidgetItem", "QMenu",
    "QMessageBox", "QProgressDialog", "QPushButton", "QRadioButton", "QTableWidgetItem",
    "QTreeWidgetItem",
}  # fmt: skip
# Calls whose texts nobody sees in the window.
_SHOW_NOTHING = {
    "critical", "exception", "Formatter", "getLogger", "print", "setStyleSheet", "warning",
}  # fmt: skip
# Signals that carry a sentence.
_SAY_A_SENTENCE = {"failed", "noticed", "said"}
# Names and units, which are the same in every language.
_IN_EVERY_LANGUAGE = {"LeNet Desktop", "ms", "px", "MB"}
_WORD = re.compile(r"[^\W\d_]{2,}")
# Part of the name of a recipe, which goes into model cards.
_NAMES_OF_RECIPES = {", changed"}
_MARKUP = re.compile(r"<style>.*?</style>|<[^>]*>?", re.DOTALL)
_FILE_NAMES = re.compile(r"[\w*-]*\.\w+( [\w*-]*\.\w+)*")


def sources() -> list[Path]:
    return sorted(p for p in UI.rglob("*.py") if p.name not in _WITHOUT_TEXTS)


def is_text(value: object) -> bool:
    """Return whether a value is a text with a word outside of tags, and not a name or a unit."""
    if not isinstance(value, str) or _FILE_NAMES.fullmatch(value) or value in _NAMES_OF_RECIPES:
        return False
    text = _MARKUP.sub("", value).strip()
    return _WORD.search(text) is not None and text not in _IN_EVERY_LANGUAGE


def is_sentence(value: object) -> bool:
    """Return whether a value is a text of several words: nothing but a person reads those."""
    return is_text(value) and " " in _MARKUP.sub("", str(value)).strip()


def text_of(node: ast.AST) -> object:
    """Return the value of a literal; an f-string's without what it inserts; None for the rest."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(each.value for each in node.values if isinstance(each, ast.Constant))
    return None


def name_of(call: ast.Call) -> str:
    """Return the name of what is called; for a signal's ``emit``, the signal's."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    if not isinstance(function, ast.Attribute):
        return ""
    if function.attr == "emit" and isinstance(function.value, ast.Attribute):
        return f"{function.value.attr}.emit"
    return function.attr


def translates(call: ast.Call) -> bool:
    """Return whether a call is ``tr`` or ``QCoreApplication.translate``; painters translate too."""
    return name_of(call) == "tr" or ast.unparse(call.func) in (
        "QCoreApplication.translate",
        "translate",
    )


def is_silent(call: ast.Call) -> bool:
    """Return whether nobody sees the texts of a call in the window, such as a log entry."""
    return name_of(call) in _SHOW_NOTHING and not ast.unparse(call.func).startswith("QMessageBox")


def shows_a_text(call: ast.Call) -> bool:
    name = name_of(call)
    return name in _SHOW_A_TEXT or name.removesuffix(".emit") in _SAY_A_SENTENCE


def untranslated(node: ast.AST, tables: dict[str, ast.expr]) -> Iterator[ast.AST]:
    """Yield the literals that an expression shows without a translation call.

    Args:
        node: an argument of a call that shows a text.
        tables: the module's constants by name.
    """
    if isinstance(node, ast.Constant | ast.JoinedStr):
        if is_text(text_of(node)):
            yield node
    elif isinstance(node, ast.Name) and node.id in tables:
        yield from untranslated(tables[node.id], {})
    elif isinstance(node, ast.Call):
        # 'literal'.format() and 'literal'.join() show the literal; other calls make a text.
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join"):
            yield from untranslated(node.func.value, tables)
    elif isinstance(node, ast.Subscript):
        yield from untranslated(node.value, tables)
    elif isinstance(node, ast.IfExp):
        yield from untranslated(node.body, tables)
        yield from untranslated(node.orelse, tables)
    elif isinstance(node, ast.Dict):
        for value in (*node.keys, *node.values):
            if value is not None:
                yield from untranslated(value, tables)
    elif not isinstance(node, ast.Lambda | ast.Compare | ast.Attribute):
        for child in ast.iter_child_nodes(node):
            yield from untranslated(child, tables)


def sentences(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Yield the texts of several words in a part of a module that are not translated.

    Docstrings, annotations, log entries, style sheets and the messages of errors that only
    developers see are left out.
    """
    if isinstance(node, ast.Constant | ast.JoinedStr):
        if is_sentence(text_of(node)):
            yield node
        for each in getattr(node, "values", []):
            if isinstance(each, ast.FormattedValue):
                yield from sentences(each.value)
        return
    if isinstance(node, ast.Raise | ast.Assert):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and (translates(node) or is_silent(node)):
        return
    for field, child in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for each in child if isinstance(child, list) else [child]:
            if isinstance(each, ast.AST):
                yield from sentences(each)


def findings(source: str) -> list[tuple[int, str]]:
    """Return the line and the text of each literal that is shown or handed on untranslated."""
    tree = ast.parse(source)
    tables = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = [(node.lineno, ast.unparse(node)) for node in sentences(tree)]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "tr":
            # Qt's tool takes the first argument for the text, and the context from a class.
            found.append((node.lineno, f"not self.tr: {ast.unparse(node)}"))
        elif translates(node):
            found += [
                (node.lineno, f"not a literal: {ast.unparse(each)}")
                for each in node.args[:3]
                if not (isinstance(each, ast.Constant) and isinstance(each.value, str))
            ]
        elif shows_a_text(node) and not is_silent(node):
            # The first argument of a plot's setLabel is the name of an axis.
            first = 1 if name_of(node) == "setLabel" else 0
            arguments = [*node.args[first:], *(keyword.value for keyword in node.keywords)]
            found += [
                (node.lineno, ast.unparse(each))
                for argument in arguments
                for each in untranslated(argument, tables)
            ]
    return sorted(set(found))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("label.setText('Saved')", ["'Saved'"]),
        ("label.setText(f'Saved {name}')", ["f'Saved {name}'"]),
        ("label.setText(f'{name}.png')", []),
        ("page = f'<style>b {{ color: {red} }}</style>{tail(\"not yet\")}'", ["'not yet'"]),
        ("translate = QCoreApplication.translate\nlabel.setText(translate('Pad', 'Saved'))", []),
        ("label.setText(self.tr('Saved {name}').format(name=name))", []),
        ("label.setText('Saved {}'.format(name))", ["'Saved {}'"]),
        ("label.setText(QCoreApplication.translate('Pad', 'Saved'))", []),
        ("label.setText('on' if on else self.tr('off'))", ["'on'"]),
        ("self.failed.emit(f'{error}')", []),
        ("self.failed.emit(f'{error} Try again.')", ["f'{error} Try again.'"]),
        ("label.setText(self.tr(f'Saved {name}'))", ["not a literal: f'Saved {name}'"]),
        ("label.setText(self.tr(text))", ["not a literal: text"]),
        ("tr = QCoreApplication.translate\ntr('Pad', 'Draw')", ["not self.tr: tr('Pad', 'Draw')"]),
        ("WORDS = {'a': 'Saved'}\nlabel.setText(WORDS['a'])", ["'Saved'"]),
        ("settings.setValue('model', 'mine')", []),
        ("_log.exception('a picture could not be opened')", []),
        ("raise ValueError('no picture')", []),
        ("self._reason = 'No model'", ["'No model'"]),
        ("label.setText(f'<b style=\"x\">{name}</b>')", []),
        ("def f() -> 'int | None':\n    'Return one or two.'", []),
        ("label.setText('28×28')", []),
    ],
)
def test_the_search_finds_what_is_not_translated(line: str, found: list[str]) -> None:
    assert [text for _, text in findings(line)] == found


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(UI)))
def test_every_literal_that_is_shown_is_translated(path: Path) -> None:
    found = findings(path.read_text(encoding="utf-8"))
    assert not found, "\n" + "\n".join(f"{path.name}:{line}: {text}" for line, text in found)


def messages(tree: ast.Module) -> set[tuple[str, str]]:
    """Return the context and the text of each translation call in a module."""
    found = set()
    for top in tree.body:
        context = top.name if isinstance(top, ast.ClassDef) else ""
        for node in ast.walk(top):
            if not isinstance(node, ast.Call) or not translates(node):
                continue
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            found.add((context, texts[0]) if name_of(node) == "tr" else (texts[0], texts[1]))
    return found


def test_qts_own_tool_finds_every_message(tmp_path: Path) -> None:
    lupdate = Path(sys.executable).with_name("pyside6-lupdate")
    if not lupdate.exists() and not lupdate.with_suffix(".exe").exists():
        pytest.skip("needs pyside6-lupdate beside Python, where pip puts it")
    expected = set()
    for path in sources():
        expected |= messages(ast.parse(path.read_text(encoding="utf-8")))
    assert expected
    catalogue = tmp_path / "lenet-desktop_de.ts"
    done = subprocess.run(
        [lupdate, *sources(), "-ts", catalogue], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = {
        (context.findtext("name"), message.findtext("source"))
        for context in ElementTree.parse(catalogue).iter("context")
        for message in context.iter("message")
    }
    assert expected == found


# Texts of the core


def core_sources() -> list[Path]:
    root = UI.parent
    files = (path.relative_to(root) for path in root.rglob("*.py"))
    return sorted(root / f for f in files if f.parts[0] not in ("ui", "cli", "errors.py"))


@cache
def error_classes() -> set[str]:
    """Return the names of UserError and of the classes below it in the core."""
    classes = [
        node
        for path in core_sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    found, more = set(), {"UserError"}
    while more:
        found |= more
        more = {c.name for c in classes if found & {ast.unparse(base) for base in c.bases}} - found
    return found


@pytest.mark.parametrize("path", core_sources(), ids=lambda path: str(path.relative_to(UI.parent)))
def test_every_text_of_the_core_is_a_literal(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    shown = (error_classes() | {"Text"}) - {"DamagedMnistError"}  # that one takes a path
    texts = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns) == "Text"
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or name_of(node) not in shown:
            continue
        first = node.args[0] if node.args else None
        is_literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
        is_constant = isinstance(first, ast.Name) and first.id.isupper()
        is_text = isinstance(first, ast.Call) and name_of(first) in texts
        assert is_literal or is_constant or is_text, f"line {node.lineno}: {ast.unparse(node)}"


def test_a_text_remembers_what_it_was_made_of() -> None:
    hostile = "{0} {x.__class__} {"
    reason = Text("it is {what}", what=hostile)
    error = UserError("{file} cannot be read: {reason}.", file=hostile, reason=reason)
    assert str(error) == f"{hostile} cannot be read: it is {hostile}."
    assert translated(error) == str(error)
    assert str(UserError(hostile)) == translated(UserError(hostile)) == hostile
    again = pickle.loads(pickle.dumps(error))
    assert again.text.values["reason"].template == "it is {what}"


def test_errors_are_translated_with_all_that_is_in_them(marked: None) -> None:
    reason = Text("it has {count:,} classes", count=1000)
    error = UserError("{file} cannot be used: {reason}.", file="a«{b}", reason=ValueError(reason))
    assert translated(error) == "«a«{b} cannot be used: «it has 1,000 classes».»"
    assert translated(IsADirectoryError(21, Text("it is a folder"))) == "«it is a folder»"
    assert translated(OSError(2, "No such file")) == "No such file"
    assert translated(ValueError("odd")) == "odd"


# A window in another language


class Marked(QTranslator):
    """A language in which every text is its English one between marks."""

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return the text with its marks; Qt's own texts stay as they are."""
        return f"«{text}»" if not context.startswith("Q") else ""

    def isEmpty(self) -> bool:  # noqa: N802 -- the name that Qt calls
        """Say that there are translations: Qt ignores an empty translator."""
        return False


@pytest.fixture
def marked(qapp: QApplication) -> Iterator[None]:
    """Install the language for a test."""
    language = Marked(qapp)
    assert QCoreApplication.installTranslator(language)
    yield
    QCoreApplication.removeTranslator(language)


def texts_of(thing: QObject) -> Iterator[str]:
    """Yield every text that a widget or an action shows or tells a screen reader."""
    if isinstance(thing, QWidget):
        yield from (thing.toolTip(), thing.accessibleName(), thing.accessibleDescription())
        yield from (thing.whatsThis(), thing.statusTip())
    match thing:
        case QLabel() | QAbstractButton():
            yield thing.text()
        case QAction():
            yield from (thing.text(), thing.toolTip())
        case QMenu() | QGroupBox():
            yield thing.title()
        case QLineEdit():
            yield thing.placeholderText()
        case QComboBox():
            yield from (thing.itemText(index) for index in range(thing.count()))
        case QTabWidget():
            yield from (thing.tabText(index) for index in range(thing.count()))


# What is not translated: names of models, data, networks and devices, and the values of a recipe,
# which are those of model cards and papers.
_NAMES = re.compile(
    r"lenet|starter|mnist|cpu|cuda|mps|xpu|quick|tutorial|thorough|residual|adam|sgd|"
    r"constant|cosine|one-cycle|none|gentle|strong|"
    r"\bms\b|×|^[\d\s.,%·-]*$",
    re.IGNORECASE,
)


def unmarked(root: QObject) -> set[str]:
    things = [root, *root.findChildren(QObject)]
    return {
        f"{type(thing).__name__}: {text}"
        for thing in things
        if not thing.objectName().startswith("qt_")
        for text in texts_of(thing)
        if is_text(text) and "«" not in text and not _NAMES.search(text)
    }


def test_no_text_of_the_window_stays_english_in_another_language(
    marked: None, open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    assert window.actions_.open.text().startswith("«")
    assert unmarked(window) == set()
    draw(window, "7", qtbot)
    assert unmarked(window) == set()
    window.open_training()
    assert window.training is not None
    assert unmarked(window) == set()


def test_own_samples_and_practice_are_in_the_windows_language(
    marked: None, open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    window.actions_.samples.trigger()
    dialog = window.own_samples.dialog
    assert dialog is not None
    qtbot.waitExposed(dialog)
    assert unmarked(dialog) == set()
    window.actions_.practice.trigger()
    assert window.practice.strip.text.startswith("«")
    assert unmarked(window) == set()


def test_sentences_about_files_are_in_the_windows_language(
    marked: None, open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    bad = {"a.png": b"no picture", "b.jsonl": b"{}", "c.safetensors": b"no model"}
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        window.open_file(tmp_path / name)
        # Not the hint that it is being opened.
        qtbot.waitUntil(
            lambda name=name: name in window.message and window.pill.kind is MessageKind.ERROR,
            timeout=ANSWER_MS,
        )
        assert window.message.startswith("«"), window.message
        assert window.message.endswith("»"), window.message


def test_a_training_and_its_decision_are_in_the_windows_language(
    marked: None, open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    draw(window, "7", qtbot)
    drawer = open_drawer(window, qtbot)
    drawer.before.options.epochs.setValue(2)
    click(drawer.before.train_button, qtbot)
    qtbot.waitUntil(drawer.during.isVisible, timeout=LOADING_MS)
    assert unmarked(window) == set()
    wait_for_the_end(drawer, qtbot)
    assert drawer.after.isVisible()
    assert unmarked(window) == set()
