"""The short guide."""

import html

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.style.theme import colours


def guide_page(widget: QWidget) -> str:
    """Return the guide as rich text, in the colours of ``widget``."""
    accent = colours(widget).accent
    paragraphs = "".join(
        f"<p><b style='color: {accent}'>{html.escape(title)}</b><br>{html.escape(text)}</p>"
        for title, text in _paragraphs()
    )
    return f"<style>p {{ line-height: 125%; margin-bottom: 10px }}</style>{paragraphs}"


def _paragraphs() -> list[tuple[str, str]]:
    translate = QCoreApplication.translate
    return [
        (
            translate("Guide", "Draw"),
            translate(
                "Guide",
                "Draw a digit or a number on the paper with the mouse, a pen or a finger. LeNet "
                "reads it while you draw. The right button erases, Ctrl+Z undoes, Delete clears "
                "the paper. You can also open, paste or drop a photo or a scan.",
            ),
        ),
        (
            translate("Guide", "Read the answer"),
            translate(
                "Guide",
                "The large digit or number is the answer; the bars show how probable each digit "
                "is. Where the network is not sure, or takes the drawing for something else than "
                "a digit, the answer says so and names the closest digit. In a number each digit "
                "has a box: click it to see its bars. 'Digit' and 'Number' above the paper say "
                "what you draw; 'Auto' finds out.",
            ),
        ),
        (
            translate("Guide", "See what the network sees"),
            translate(
                "Guide",
                "The strip at the bottom (W) shows how your drawing becomes the picture of 28x28 "
                "pixels that the network is given: cut out, scaled and centred, as the digits it "
                "was trained on.",
            ),
        ),
        (
            translate("Guide", "Correct and practise"),
            translate(
                "Guide",
                "'Right' and 'No, it is …' below the answer make the drawing a sample of yours. "
                "Practice (Ctrl+Shift+D) asks for drawings: each is taken when the pen has been up "
                "for a moment, or at Enter. 'My samples' (Ctrl+Shift+M) shows them all. One in "
                "four is held out: it is never trained on, so it tests a model honestly.",
            ),
        ),
        (
            translate("Guide", "Train"),
            translate(
                "Guide",
                "Train (Ctrl+T) teaches a new network while the pad stays usable. Choose a recipe "
                "and start; the curves show the loss and the error, and the slider below them goes "
                "back to any moment of the training. In the end the new model, the "
                "challenger, is compared with the model in use on images that neither "
                "was trained on. 'New classes …' in the menu Model teaches it hearts, stars or "
                "letters from four drawings of each.",
            ),
        ),
        (
            translate("Guide", "Compare and keep"),
            translate(
                "Guide",
                "Two models can read the same drawing: choose one with 'Compare with' in the menu "
                "of the model, and hold X to swap their answers. Models that you keep are in 'My "
                "models', where they are renamed, exported and deleted. The factory model always "
                "stays.",
            ),
        ),
        (
            translate("Guide", "Find everything else"),
            translate(
                "Guide",
                "F1 finds every command by a part of its name, and '?' lists all shortcuts. "
                "Six lessons in the menu Help explain how the network works, five minutes each. "
                "Nothing that you draw leaves this computer.",
            ),
        ),
    ]
