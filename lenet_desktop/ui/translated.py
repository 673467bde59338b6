"""Texts of the core, which knows no Qt, in the window's language."""

from PySide6.QtCore import QCoreApplication

from lenet_desktop.errors import Text


def translated(message: object) -> str:
    """Return a ``Text``, or the message of an error, in the window's language.

    Everything else is shown as it is. The context of the translations is 'Core'.
    """
    if isinstance(message, OSError):
        message = message.strerror or str(message)
    elif isinstance(message, Exception) and message.args:
        message = message.args[0]
    if not isinstance(message, Text):
        return str(message)
    template = QCoreApplication.translate("Core", message.template)
    if not message.values:
        return template
    return template.format(**{name: _value(value) for name, value in message.values.items()})


def _value(value: object) -> object:
    # Numbers stay numbers: templates format them.
    return translated(value) if isinstance(value, Text | Exception) else value
