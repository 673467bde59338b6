"""Widgets that screen readers take for graphics with a value."""

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


class AccessibleGraphic(QWidget):
    """A painted widget with the role of a graphic, a name and a value.

    The name and the description are set as those of any widget. Qt's own interface to a widget has
    no value; this one asks ``accessible_value``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.interface: QAccessibleInterface | None = None  # Qt deletes it with the widget
        _install()

    def accessible_value(self) -> str:
        """Return in words what the graphic shows now; '' for nothing."""
        return ""


class _Interface(QAccessibleWidget):
    def __init__(self, graphic: AccessibleGraphic) -> None:
        super().__init__(graphic, QAccessible.Role.Graphic)

    def text(self, kind: QAccessible.Text) -> str:
        graphic = self.widget()
        if kind is QAccessible.Text.Value and isinstance(graphic, AccessibleGraphic):
            return graphic.accessible_value()
        return super().text(kind)


@cache
def _install() -> None:
    QAccessible.installFactory(_interface_of)


def _interface_of(_key: str, of: QObject) -> QAccessibleInterface | None:
    if not isinstance(of, AccessibleGraphic):
        return None
    # Without this reference Python would delete the interface at once.
    of.interface = _Interface(of)
    return of.interface
