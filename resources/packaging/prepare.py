"""Make the files that the spec bundles: icons, MNIST, and what is published about MNIST.

build.py runs this in its environment.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "build" / "packaging"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
sys.path.insert(0, str(ROOT))


def make_icons(folder: Path) -> None:
    """Draw the icon in each size, and combine the sizes for Windows and macOS."""
    from PIL import Image
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    folder.mkdir(parents=True, exist_ok=True)
    icon = QSvgRenderer(str(ROOT / "resources" / "icon.svg"))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        icon.render(painter)
        painter.end()
        if not image.save(str(folder / f"{size}.png")):
            raise SystemExit(f"the icon cannot be written to {folder}")
    images = [Image.open(folder / f"{size}.png") for size in SIZES]
    small = [image for image in images if image.width <= 256]
    small[-1].save(folder / "icon.ico", append_images=small[:-1], sizes=[i.size for i in small])
    images[-1].save(folder / "icon.icns", append_images=images[:-1])


def make_mnist(given: Path | None, target: Path) -> None:
    """Copy MNIST's archives to ``target``, or download them; write the facts about them."""
    from lenet_desktop.data.download import download_mnist
    from lenet_desktop.data.published import facts_file, from_torchvision
    from lenet_desktop.data.sources import mnist_cache

    published = from_torchvision("MNIST")
    (MADE / "datasets.json").write_text(facts_file(), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    raw = target / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for place in [given] if given else [ROOT.parent / "shared" / "mnist", mnist_cache()]:
        archives = [place / "MNIST" / "raw" / archive.file for archive in published.archives]
        if all(archive.is_file() for archive in archives):
            for archive in archives:
                shutil.copy(archive, raw)
            break
    else:
        if given:
            raise SystemExit(f"{given} does not hold MNIST/raw with its four archives.")
        print("downloading MNIST")
    # Archives that were copied are only checked; missing and damaged ones are downloaded.
    for _ in download_mnist(target):
        pass


def main() -> None:
    """Make all files, replacing those of an earlier build."""
    make_icons(MADE / "icons")
    make_mnist(Path(sys.argv[1]) if len(sys.argv) > 1 else None, MADE / "mnist")


if __name__ == "__main__":
    main()
