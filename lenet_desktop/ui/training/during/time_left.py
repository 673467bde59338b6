"""How long a training will still take, in words."""

from PySide6.QtCore import QCoreApplication


def time_left(seconds: float) -> str:
    """Return a time as a person would say it, such as 'About 40 s left'."""
    if seconds < 3:
        return QCoreApplication.translate("TimeLeft", "A few seconds left")
    if seconds < 90:
        # Steps of a second near the end, of five before: an estimate does not know more.
        number = round(seconds) if seconds < 10 else 5 * round(seconds / 5)
        return QCoreApplication.translate("TimeLeft", "About {number} s left").format(number=number)
    if seconds < 5400:
        number = round(seconds / 60)
        text = QCoreApplication.translate("TimeLeft", "About {number} min left")
        return text.format(number=number)
    text = QCoreApplication.translate("TimeLeft", "About {number} h left")
    return text.format(number=round(seconds / 3600))
