"""The light and the dark theme."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

THEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}

_CHOSEN = "lenet_theme"

# Palettes of our own: Qt has a dark Fusion palette, but QStyleHints.setColorScheme() does nothing
# if the platform has no colour schemes (X11 without a desktop's theme, offscreen; Qt 6.11).

_LIGHT = {
    QPalette.ColorRole.Window: "#f3f4f6",
    QPalette.ColorRole.WindowText: "#1c2030",
    QPalette.ColorRole.Base: "#ffffff",
    QPalette.ColorRole.AlternateBase: "#eceef2",
    QPalette.ColorRole.Text: "#1c2030",
    QPalette.ColorRole.Button: "#fbfbfc",
    QPalette.ColorRole.ButtonText: "#1c2030",
    QPalette.ColorRole.PlaceholderText: "#6a7182",
    QPalette.ColorRole.ToolTipBase: "#ffffff",
    QPalette.ColorRole.ToolTipText: "#1c2030",
    QPalette.ColorRole.Accent: "#2563c9",
    QPalette.ColorRole.Highlight: "#2563c9",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Link: "#2563c9",
}
_DARK = {
    QPalette.ColorRole.Window: "#1d2026",
    QPalette.ColorRole.WindowText: "#e6e8ee",
    QPalette.ColorRole.Base: "#15171c",
    QPalette.ColorRole.AlternateBase: "#23262e",
    QPalette.ColorRole.Text: "#e6e8ee",
    QPalette.ColorRole.Button: "#2b2f38",
    QPalette.ColorRole.ButtonText: "#e6e8ee",
    QPalette.ColorRole.PlaceholderText: "#99a0b0",
    QPalette.ColorRole.ToolTipBase: "#2b2f38",
    QPalette.ColorRole.ToolTipText: "#e6e8ee",
    QPalette.ColorRole.Accent: "#5b9bff",
    QPalette.ColorRole.Highlight: "#3b7de0",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Link: "#7fb0ff",
}
_TEXTS = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)


def set_theme(app: QApplication, name: str) -> None:
    """Choose 'light', 'dark', or 'system', which follows the system's colour scheme."""
    app.setProperty(_CHOSEN, name)
    app.styleHints().setColorScheme(THEMES[name])
    _follow(app)


def follow_system(app: QApplication) -> None:
    """Follow the system's colour scheme from now on."""
    app.styleHints().colorSchemeChanged.connect(lambda: _follow(app))


def is_dark(app: QApplication) -> bool:
    """Return whether the dark theme is shown."""
    return app.palette().color(QPalette.ColorRole.Window).lightness() < 128


def _follow(app: QApplication) -> None:
    scheme = THEMES[app.property(_CHOSEN) or "system"]
    if scheme is Qt.ColorScheme.Unknown:
        scheme = app.styleHints().colorScheme()
    dark = scheme is Qt.ColorScheme.Dark
    colours = _DARK if dark else _LIGHT
    palette = QPalette(
        QColor(colours[QPalette.ColorRole.Button]), QColor(colours[QPalette.ColorRole.Window])
    )
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in _TEXTS:
        palette.setColor(
            QPalette.ColorGroup.Disabled, role, QColor("#6b7180" if dark else "#9aa0ad")
        )
    app.setPalette(palette)
