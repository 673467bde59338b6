"""Make what the spec bundles: icons in all sizes, and MNIST. Run by build.py in its environment."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "build" / "packaging"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
sys.path.insert(0, str(ROOT))


def make_icons(folder: Path) -> None:
    """Draw the icon in each size, and join the sizes for Windows and macOS."""
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


def find_mnist(given: Path | None) -> Path:
    """Give a folder that holds MNIST's four archives; download them where there is none."""
    from lenet_desktop.data.catalog import ARCHIVES, mnist_cache
    from lenet_desktop.data.download import download_mnist

    places = [given] if given else [ROOT.parent / "shared" / "mnist", mnist_cache()]
    for place in places:
        raw = place / "MNIST" / "raw"
        if all((raw / f"{name}.gz").is_file() for name in ARCHIVES):
            return raw
    if given:
        raise SystemExit(f"{given} does not hold MNIST/raw with its four archives.")
    print("downloading MNIST")
    for _ in download_mnist(MADE / "download"):
        pass
    return MADE / "download" / "MNIST" / "raw"


def main() -> None:
    """Make everything anew."""
    make_icons(MADE / "icons")
    raw = find_mnist(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    # In torchvision's layout, as the program reads it everywhere else, with its MD5 sums.
    target = MADE / "mnist" / "MNIST" / "raw"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for archive in raw.glob("*.gz"):
        shutil.copy(archive, target)


if __name__ == "__main__":
    main()
