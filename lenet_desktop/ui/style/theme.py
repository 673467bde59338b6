"""The themes, and every colour of the window."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

THEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "contrast-light": Qt.ColorScheme.Light,
    "contrast-dark": Qt.ColorScheme.Dark,
}

_CHOSEN = "lenet_theme"


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, as '#rrggbb'.

    Attributes:
        window: behind everything; the desk on which the paper lies.
        surface: cards, fields and buttons on the window.
        line: thin lines around and between them.
        edge: the edges of controls, at least 3:1 against what is behind them (WCAG 2.2, 1.4.11).
        text, quiet, disabled: text, less important text, and text of what cannot be used now.
        accent, on_accent: the answer, the chosen, the main button; and text on it.
        challenger: everything about the challenger.
        error, success, hint: the kinds of messages.
        paper, ink: the pad.
        track: behind the bars.
    """

    window: str
    surface: str
    line: str
    edge: str
    text: str
    quiet: str
    disabled: str
    accent: str
    on_accent: str
    challenger: str
    error: str
    success: str
    hint: str
    paper: str
    ink: str
    track: str


LIGHT = Colours(
    window="#eef0f4",
    surface="#ffffff",
    line="#d3d8e1",
    edge="#7d8596",
    text="#1b2030",
    quiet="#5a6275",
    disabled="#9aa1b0",
    accent="#2156c8",
    on_accent="#ffffff",
    challenger="#c2560c",
    error="#b3261e",
    success="#1a7f42",
    hint="#2156c8",
    paper="#fdfdfa",
    ink="#1b2030",
    track="#e1e5ec",
)
# Slate and chalk.
DARK = Colours(
    window="#16191e",
    surface="#21252c",
    line="#363c47",
    edge="#737c8c",
    text="#e8eaf0",
    quiet="#a2aaba",
    disabled="#666d7b",
    accent="#6ea3ff",
    on_accent="#0d1420",
    challenger="#ff9d52",
    error="#ff8a80",
    success="#6bd394",
    hint="#8fb8ff",
    paper="#2a3038",
    ink="#f1f1ea",
    track="#31363f",
)
# High contrast: every text at least 7:1 (WCAG 2.2, 1.4.6), every line as strong as text.
CONTRAST_LIGHT = Colours(
    window="#ffffff",
    surface="#ffffff",
    line="#000000",
    edge="#000000",
    text="#000000",
    quiet="#000000",
    disabled="#595959",
    accent="#0033a0",
    on_accent="#ffffff",
    challenger="#7a2f00",
    error="#8b0000",
    success="#004d1a",
    hint="#0033a0",
    paper="#ffffff",
    ink="#000000",
    track="#d9d9d9",
)
CONTRAST_DARK = Colours(
    window="#000000",
    surface="#000000",
    line="#ffffff",
    edge="#ffffff",
    text="#ffffff",
    quiet="#ffffff",
    disabled="#a6a6a6",
    accent="#ffe14d",
    on_accent="#000000",
    challenger="#ffa861",
    error="#ff9d94",
    success="#7ee8a6",
    hint="#8fd3ff",
    paper="#000000",
    ink="#ffffff",
    track="#3d3d3d",
)
_BY_WINDOW = {theme.window: theme for theme in (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)}


def colours(of: QPalette | QWidget) -> Colours:
    """Return the colours of the theme that a palette, or a widget's palette, belongs to."""
    palette = of if isinstance(of, QPalette) else of.palette()
    window = palette.color(QPalette.ColorRole.Window)
    return _BY_WINDOW.get(window.name()) or (DARK if window.lightness() < 128 else LIGHT)


def the_app() -> QApplication:
    """Return the program's QApplication."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def set_theme(app: QApplication, name: str) -> None:
    """Choose one of THEMES; 'system' follows the system's colour scheme and its contrast."""
    app.setProperty(_CHOSEN, name)
    app.styleHints().setColorScheme(THEMES[name])
    _follow(app)


def follow_system(app: QApplication) -> None:
    """Follow the system's colour scheme and its wish for high contrast from now on."""
    hints = app.styleHints()
    hints.colorSchemeChanged.connect(lambda: _follow(app))
    if hasattr(hints, "accessibility"):  # since Qt 6.10
        hints.accessibility().contrastPreferenceChanged.connect(lambda: _follow(app))


def is_dark(app: QApplication) -> bool:
    """Return whether a dark theme is shown."""
    return colours(app.palette()) in (DARK, CONTRAST_DARK)


# A palette of our own: Qt has a dark Fusion palette, but QStyleHints.setColorScheme() does nothing
# if the platform has no colour schemes (X11 without a desktop's theme, offscreen; Qt 6.11).


def _follow(app: QApplication) -> None:
    chosen = app.property(_CHOSEN) or "system"
    hints = app.styleHints()
    scheme = THEMES[chosen]
    is_strong = chosen.startswith("contrast")
    if scheme is Qt.ColorScheme.Unknown:
        scheme = hints.colorScheme()
        if hasattr(hints, "accessibility"):
            preference = hints.accessibility().contrastPreference()
            is_strong = preference is Qt.ContrastPreference.HighContrast
    dark, light = (CONTRAST_DARK, CONTRAST_LIGHT) if is_strong else (DARK, LIGHT)
    app.setPalette(_palette(dark if scheme is Qt.ColorScheme.Dark else light))


def _palette(theme: Colours) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette(QColor(theme.surface), QColor(theme.window))
    for roles, colour in (
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), theme.text),
        ((role.Base, role.Button, role.ToolTipBase), theme.surface),
        ((role.Window, role.AlternateBase), theme.window),
        ((role.PlaceholderText,), theme.quiet),
        ((role.Accent, role.Highlight, role.Link), theme.accent),
        ((role.HighlightedText,), theme.on_accent),
    ):
        for each in roles:
            palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, each, QColor(theme.disabled))
    return palette
