"""Pictures in files and from the clipboard, of any depth, size and polarity, as ink on the pad.

A scan, a screenshot and a phone's photograph of pencil on paper are all treated the same way:
converted to grey, reduced to the pad's size, and passed to ``paper``.
"""

import math
import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.drawing.paper.grey import Grey, resize
from lenet_desktop.drawing.paper.ink import ink_of
from lenet_desktop.drawing.raster import blank
from lenet_desktop.drawing.strokes import PAD_SIZE, WIDEST, Ink
from lenet_desktop.errors import Text, UserError
from lenet_desktop.regular_file import limited

# Pillow's JPEG reader also opens MPO, which many phones write for a photograph named .jpg. MPO must
# not be named here: Pillow has no reader of that name.
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
_MAX_BYTES = 100 * 1024 * 1024
# Up to these, a picture takes at most about two seconds and 1 GB. A JPEG is decoded at a smaller
# size, where Pillow's own limit of 179 megapixels holds, unless it is progressive. WebP's decoder
# holds four copies.
_MAX_PIXELS, _MAX_PIXELS_OF_WEBP = 90_000_000, 40_000_000
# How many pixels of a huge picture are converted to grey at a time.
_STRIP = 4_000_000
# Pictures that are wider than this times their height get wide paper. Photographs of single digits,
# 4:3 or 3:2, are put on a square: there they are cleaned at the size that was chosen for them.
_WIDE = 1.6
# Fainter ink, relative to the strongest, does not make the box of a picture larger.
_FAINT = 48 / 255
DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
"""What Pillow's decoders raise on damaged or hostile bytes."""


class PictureError(UserError):
    """A picture that cannot be used; the message is one sentence for the user."""


def read_picture(source: Path | bytes, name: str | None = None) -> Ink:
    """Read a picture file, or its bytes, as ink on the pad.

    PNG, JPEG, BMP, GIF (its first frame), TIFF or WebP; 1 to 16 bits; dark on light or light on
    dark; transparent or not; turned upright as its EXIF data say. It is scaled with its
    proportions kept until it just fits the pad, and centred. The pad is wide for a wide picture,
    such as one of a line of digits.

    Args:
        source: the file or its content.
        name: what messages call it; the path, or 'The picture', if None.

    Returns:
        uint8 (PAD_SIZE, width), 0 paper to 255 full ink.

    Raises:
        PictureError: it is not a picture, is too large, or holds no ink.
    """
    name = name or (Text("The picture") if isinstance(source, bytes) else str(source))
    try:
        content = limited(source, _MAX_BYTES)
    except OSError as error:
        raise PictureError(
            "{name} cannot be read: {reason}.", name=name, reason=error.strerror or error
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                if math.prod(image.size) > _max_pixels(image):
                    raise Image.DecompressionBombError
                # A large JPEG is decoded several times faster at a reduced size.
                image.draft(None, (2 * PAD_SIZE, 2 * PAD_SIZE))
                is_clean = _is_from_a_pad(image)
                grey = _grey(_upright(image))
    except Image.DecompressionBombError as error:
        raise PictureError(
            "{name} has too many pixels: make it smaller first.", name=name
        ) from error
    except DECODER_ERRORS as error:
        raise PictureError(
            "{name} is not a picture this program can read, or it is damaged: PNG, JPEG, "
            "BMP, GIF, TIFF or WebP was expected.",
            name=name,
        ) from error
    found = ink_of(_shrink(grey), is_clean=is_clean)
    if found is None:
        raise PictureError(
            "{name} shows no drawing: what stands out on it does not look like pen strokes.",
            name=name,
        )
    ink = on_the_pad(_without_faint_rim(found))
    if not ink.any():
        raise PictureError(
            "{name} holds no ink: nothing on it stands out as pen strokes do.", name=name
        )
    return ink


def write_picture(ink: Ink, path: Path) -> None:
    """Write ink as a PNG file, dark on white, so that ``read_picture`` returns it again.

    Raises:
        PictureError: there is no ink to save, or the file cannot be written.
    """
    if not ink.any():
        raise PictureError("There is nothing to save: draw a digit first.")
    try:
        replace_file(path, to_png(ink))
    except OSError as error:
        raise PictureError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


def to_png(ink: Ink) -> bytes:
    """Return ink as a PNG file, dark on white, from which ``read_picture`` makes it again."""
    buffer = BytesIO()
    Image.fromarray(255 - ink).save(buffer, "PNG")
    return buffer.getvalue()


def _is_from_a_pad(image: Image.Image) -> bool:
    """Return whether a picture is as ``write_picture`` writes it: whatever it holds is ink."""
    width, height = image.size
    is_paper = height == PAD_SIZE and PAD_SIZE <= width <= WIDEST
    return image.format == "PNG" and image.mode == "L" and is_paper


def _max_pixels(image: Image.Image) -> float:
    if image.format == "WEBP":
        return _MAX_PIXELS_OF_WEBP
    is_draft = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    return math.inf if is_draft else _MAX_PIXELS


def _upright(image: Image.Image) -> Image.Image:
    """Decode a picture, reduce a huge one to between two and four pads, and turn it upright."""
    image.load()
    factor = max(image.size) // (2 * PAD_SIZE)
    if factor < 2:
        return ImageOps.exif_transpose(image)
    width, height = image.size
    step = factor * max(1, _STRIP // (width * factor))
    strips = [
        _reducible(image.crop((0, top, width, min(top + step, height)))).reduce(factor)
        for top in range(0, height, step)
    ]
    small = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for number, strip in enumerate(strips):
        small.paste(strip, (0, number * (step // factor)))
    small.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    return ImageOps.exif_transpose(small)


def _reducible(image: Image.Image) -> Image.Image:
    """Return a picture in a mode whose pixels can be averaged, with what ``_grey`` needs of it."""
    if image.mode[0] in "IF":
        return Image.fromarray(np.nan_to_num(np.asarray(image).astype(np.float32)))
    return image.convert("RGBA" if _is_transparent(image) else "L")


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _grey(image: Image.Image) -> Grey:
    """Return the brightness (H, W), 0 to 1, on a ground that the ink stands out from."""
    if image.mode[0] in "IF":
        values = np.nan_to_num(np.asarray(image).astype(np.float32))
        full = next((f for f in (1.0, 255.0, 65535.0) if values.max() <= f), values.max())
        scaled: Grey = np.clip(values / np.float32(full), 0, 1)
        return scaled
    if _is_transparent(image):
        rgba = image.convert("RGBA")
        alpha, brightness = _unit(rgba.getchannel("A")), _unit(rgba.convert("RGB").convert("L"))
        covered = float(alpha.sum())
        is_light = covered > 0 and float((alpha * brightness).sum()) / covered > 0.5
        # A light drawing on a transparent ground would disappear on white. Opaque pictures are
        # unchanged.
        ground = np.float32(0.0 if is_light else 1.0)
        return alpha * brightness + (1 - alpha) * ground
    return _unit(image.convert("L"))


def _unit(image: Image.Image) -> Grey:
    """Return an 8-bit grey image's values as float32, 0 to 1."""
    return np.asarray(image).astype(np.float32) / np.float32(255)


def _shrink(grey: Grey) -> Grey:
    """Reduce a picture that is larger than the pad to the pad's size by area averaging."""
    scale = _scale(*grey.shape)
    return grey if scale >= 1 else resize(grey, scale, Image.Resampling.BOX)


def _scale(height: int, width: int) -> float:
    """Return the factor by which a picture just fits the pad."""
    return min(PAD_SIZE / height, _width_of_pad(height, width) / width)


def _width_of_pad(height: int, width: int) -> int:
    """Return the width of the pad for a picture."""
    is_from_a_pad = height == PAD_SIZE and PAD_SIZE <= width <= WIDEST
    if is_from_a_pad or width > _WIDE * height:
        return min(max(round(PAD_SIZE * width / height), PAD_SIZE), WIDEST)
    return PAD_SIZE


def _without_faint_rim(ink: Grey) -> Grey:
    """Remove what is faint and lies outside the box of what is not, float32 (H, W), 0 to 1.

    On clean scans the ringing of JPEG and the paper's grain stay as a breath of ink around the
    digit; the box around all of it would be twice as large as the digit.
    """
    strong = ink >= _FAINT * float(ink.max(initial=0))
    rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    if not len(rows) or not ink.any():
        return ink
    # One pixel more: a digit of MNIST has faint edges, which belong to it.
    inside = np.s_[max(rows[0] - 1, 0) : rows[-1] + 2, max(columns[0] - 1, 0) : columns[-1] + 2]
    kept = np.zeros_like(ink)
    kept[inside] = ink[inside]
    return kept


def on_the_pad(ink: Grey) -> Ink:
    """Put ink, float32 (H, W), 0 to 1, in the middle of the pad, as large as fits."""
    # Enlarged pixel by pixel: a 28x28 digit of MNIST keeps its exact values.
    fitted = resize(ink, _scale(*ink.shape), Image.Resampling.BOX)
    height, width = fitted.shape
    pad = blank(max(_width_of_pad(*ink.shape), width))
    top, left = (pad.shape[0] - height) // 2, (pad.shape[1] - width) // 2
    pad[top : top + height, left : left + width] = (fitted * 255 + 0.5).astype(np.uint8)
    return pad
