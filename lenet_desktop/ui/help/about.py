"""The About box."""

from PySide6.QtWidgets import QMessageBox, QWidget

from lenet_desktop import __version__, paths


def show_about(parent: QWidget) -> None:
    """Show the About box until it is closed."""
    licences = paths.resource("LICENCES.txt")
    inside = (
        f"<p>The licences of all that is inside the program are in {licences}.</p>"
        if licences.exists()
        else ""
    )
    QMessageBox.about(
        parent,
        "About LeNet Desktop",
        f"<h3>LeNet Desktop {__version__}</h3>"
        "<p>A drawing pad that reads handwritten digits with LeNet-5 "
        "(Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, 1998).</p>"
        "<p>Its digits come from MNIST by Y. LeCun, C. Cortes and C. Burges "
        "(CC BY-SA 3.0). The factory model was also trained on Pen-Based Recognition of "
        "Handwritten Digits by E. Alpaydin and F. Alimoglu (UCI, CC BY 4.0), and was chosen on "
        "UNIPEN (I. Guyon et al.) and UJI Pen Characters (D. Llorens et al., both "
        "CC BY 4.0).</p><p>The program is under the MIT licence.</p>" + inside,
    )
