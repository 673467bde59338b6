"""Text in pictures, in a font that has all its characters."""

from functools import cache

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from lenet_desktop.printable import printable

_LONGEST = 300
# Pillow's own font has little more than ASCII. These have more; each system has some of them.
_OTHER_FONTS = (
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "arial.ttf", "Arial.ttf", "Arial Unicode.ttf"),
    *("NotoSansCJK-Regular.ttc", "msgothic.ttc", "msyh.ttc", "Hiragino Sans GB.ttc"),
)
# Every font lacks this character and draws the same sign for all that it lacks.
_NO_CHARACTER = "\uffff"


class Lettering:
    """Writes into one picture."""

    def __init__(self, picture: Image.Image) -> None:
        self._pen = ImageDraw.Draw(picture)

    def write(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        colour: str,
        *,
        width: float | None = None,
        anchor: str = "la",
        bold: bool = False,
    ) -> None:
        """Write one line.

        Args:
            at: the point that ``anchor`` is about, in pixels.
            text: any text; characters that no font has become '?'.
            size: the height of the font, in pixels.
            colour: '#rrggbb'.
            width: a line that is wider, in pixels, ends in '…'; no limit if None.
            anchor: how the line lies at the point, as Pillow's text anchors.
            bold: whether the letters are heavier.
        """
        font = _font_for(text, size)
        line = _drawable(text, font)
        if width is not None:
            line = _cut(line, font, width)
        weight = size // 40 if bold else 0
        self._pen.text(at, line, colour, font, anchor, stroke_width=weight)


def can_be_written(text: str) -> bool:
    """Return whether some font has all characters of a text, and something of it is seen."""
    line, font = printable(text, _LONGEST), _font_for(text, 20)
    return _has_all(font, line) and any(font.getmask(line).getbbox() or ())


def width_of(text: str, size: int) -> float:
    """Return the width of a line, in pixels."""
    font = _font_for(text, size)
    return font.getlength(_drawable(text, font))


def lines_of(text: str, size: int, width: float) -> list[str]:
    """Return a text in lines of at most this width, in pixels, broken between words."""
    lines: list[str] = []
    for word in printable(text, _LONGEST).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(line: str, font: FreeTypeFont, width: float) -> str:
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line}…"


def _drawable(text: str, font: FreeTypeFont) -> str:
    line = printable(text, _LONGEST)
    if _has_all(font, line):
        return line
    return "".join(c if _has_all(font, c) else "?" for c in line)


def _font_for(text: str, size: int) -> FreeTypeFont:
    """Return the first font that has all characters; Pillow's own if none has."""
    line = printable(text, _LONGEST)
    own = _font(None, size)
    if own is None:
        raise ImportError("Pillow was built without FreeType")
    if _has_all(own, line):
        return own
    others = (_font(name, size) for name in _OTHER_FONTS)
    return next((font for font in others if font is not None and _has_all(font, line)), own)


def _has_all(font: FreeTypeFont, line: str) -> bool:
    return all(_has(font, character) for character in line)


@cache
def _has(font: FreeTypeFont, character: str) -> bool:
    return character == " " or bytes(font.getmask(character)) != bytes(font.getmask(_NO_CHARACTER))


@cache
def _font(name: str | None, size: int) -> FreeTypeFont | None:
    """Return a font of the system, or Pillow's own for None; None if there is no such font."""
    try:
        font = ImageFont.load_default(size) if name is None else ImageFont.truetype(name, size)
    except OSError:
        return None
    return font if isinstance(font, FreeTypeFont) else None
