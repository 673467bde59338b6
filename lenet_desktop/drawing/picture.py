"""Pictures as ink: files and pasted images of any polarity, depth and light.

A scan, a screenshot and a phone's photograph of pencil on paper go the same way: grey, the light of
the paper divided out, noise cut off, what is left stretched to full ink. A clean picture passes
through it unchanged: a drawing saved by the pad comes back as it was.
"""

import math
import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.drawing.strokes import PAD_SIZE, Ink
from lenet_desktop.errors import UserError

# MPO, which many phones write for a photograph named .jpg, is opened by Pillow's JPEG reader;
# named here, it would end the search: Pillow has no reader of its own for it.
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
_MAX_BYTES = 100 * 1024 * 1024
# A photograph may have twice as many, where Pillow's own limit is: it is decoded at a smaller size.
_MOST_PIXELS = 90_000_000
_CHEAP_FORMATS = ("JPEG", "MPO")
# Whatever Pillow's decoders raise when they are fed damaged or hostile bytes.
_DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip

# Relative to the paper's brightness. Light pencil reaches 0.2, the texture of paper 0.05.
_LEAST_CONTRAST = 0.1
# The paper's light is looked for in a picture of this size, in windows of a third of it: wider
# than any stroke, narrower than a lamp's gradient.
_LIGHT_SIZE = 99
# Light that differs by less is left alone: clean pictures keep their values.
_EVEN_LIGHT = 0.04
_SPECK_SIZE = 200
_SPECK_SHARE, _SPECK_DARKNESS = 0.02, 0.5

Grey = NDArray[np.float32]


class PictureError(UserError):
    """A picture that cannot be used; the message is one sentence for the user."""


def read_picture(source: Path | bytes) -> Ink:
    """Read a picture file, or its bytes, as ink on the pad.

    PNG, JPEG, BMP, GIF (its first frame), TIFF or WebP; 1 to 16 bits; dark on light or light on
    dark; transparent or not; turned upright as its EXIF data say. It is scaled with its
    proportions kept until it just fits the pad, and put in the middle.

    Returns:
        uint8 (PAD_SIZE, PAD_SIZE), 0 paper to 255 full ink.

    Raises:
        PictureError: it is no picture, is unreasonably large, or holds nothing.
    """
    name = "The picture" if isinstance(source, bytes) else str(source)
    try:
        content = source if isinstance(source, bytes) else _read(source)
    except OSError as error:
        raise PictureError(f"{name} cannot be read: {error.strerror or error}.") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                if math.prod(image.size) > _MOST_PIXELS and image.format not in _CHEAP_FORMATS:
                    raise Image.DecompressionBombError
                # A large JPEG is decoded several times faster when it may be smaller.
                image.draft(None, (2 * PAD_SIZE, 2 * PAD_SIZE))
                upright = ImageOps.exif_transpose(image)
                upright.load()
                grey = _grey(upright)
    except Image.DecompressionBombError as error:
        raise PictureError(f"{name} has too many pixels: make it smaller first.") from error
    except _DECODER_ERRORS as error:
        raise PictureError(
            f"{name} is not a picture this program can read, or it is damaged: "
            "PNG, JPEG, BMP, GIF, TIFF or WebP was expected."
        ) from error
    ink = on_the_pad(_ink_of(_shrink(grey)))
    if not ink.any():
        raise PictureError(f"{name} holds no ink: nothing on it stands out as pen strokes do.")
    return ink


def _read(path: Path) -> bytes:
    size = path.stat().st_size
    if size > _MAX_BYTES:
        raise PictureError(f"{path} is too large: {size / 2**20:.0f} MiB; 100 MiB are read.")
    return path.read_bytes()


def write_picture(ink: Ink, path: Path) -> None:
    """Write ink as a PNG file, dark on white; ``read_picture`` gives it back.

    Raises:
        PictureError: there is no ink to save, or the file cannot be written.
    """
    if not ink.any():
        raise PictureError("There is nothing to save: draw a digit first.")
    buffer = BytesIO()
    Image.fromarray(255 - ink).save(buffer, "PNG")
    try:
        replace_file(path, buffer.getvalue())
    except OSError as error:
        raise PictureError(f"{path} cannot be written: {error.strerror or error}.") from error


def _grey(image: Image.Image) -> Grey:
    """Give the picture's brightness (H, W), 0 to 1, over a ground that its ink stands out from."""
    if image.mode[0] in "IF":
        values = np.nan_to_num(np.asarray(image).astype(np.float32))
        full = next((f for f in (1.0, 255.0, 65535.0) if values.max() <= f), values.max())
        scaled: Grey = np.clip(values / np.float32(full), 0, 1)
        return scaled
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        alpha, brightness = _unit(rgba.getchannel("A")), _unit(rgba.convert("RGB").convert("L"))
        covered = float(alpha.sum())
        is_light = covered > 0 and float((alpha * brightness).sum()) / covered > 0.5
        # A light drawing on nothing would vanish on white; an opaque picture is left as it is.
        ground = np.float32(0.0 if is_light else 1.0)
        return alpha * brightness + (1 - alpha) * ground
    return _unit(image.convert("L"))


def _unit(image: Image.Image) -> Grey:
    """Give an 8-bit grey image's values as float32, 0 to 1."""
    return np.asarray(image).astype(np.float32) / np.float32(255)


def _shrink(grey: Grey) -> Grey:
    """Bring a picture larger than the pad down to it by area averaging."""
    height, width = grey.shape
    scale = PAD_SIZE / max(height, width)
    return grey if scale >= 1 else _resize(grey, scale, Image.Resampling.BOX)


def _resize(grey: Grey, scale: float, how: Image.Resampling) -> Grey:
    height, width = grey.shape
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(grey).resize(size, how))


def _ink_of(grey: Grey) -> Grey:
    """Give ink, 0 to 1, of a picture's brightness; all 0 where nothing stands out."""
    light = _light_from_the_rim(grey)
    if _is_light_on_dark(grey, light):
        grey, light = 1 - grey, 1 - light
    if np.ptp(light) > _EVEN_LIGHT:
        grey = np.clip(grey / np.maximum(light, 0.1) * light.max(), 0, 1)
    contrast = _contrast(grey)
    limit = _otsu(contrast)
    paper, ink = contrast[contrast <= limit], contrast[contrast > limit]
    if not ink.size:
        return np.zeros_like(grey)
    middle = float(np.median(paper))
    noise = max(
        1.4826 * float(np.median(np.abs(paper - middle))), _grain(contrast), _grain(contrast.T)
    )
    floor, full = middle + 5 * noise, float(np.quantile(ink, 0.95))
    if full - middle < max(_LEAST_CONTRAST, 8 * noise):
        return np.zeros_like(grey)
    stretched = np.clip((contrast - floor) / (full - floor), 0, 1)
    return _without_specks(stretched) if noise > 0 else stretched


def _contrast(grey: Grey) -> Grey:
    """Give how much darker than its paper each point is, 0 to 1, whatever the light."""
    light = _local_light(grey)
    return np.clip((light - grey) / np.maximum(light, 0.1), 0, 1)


def _grain(values: Grey) -> float:
    """Estimate the noise from what neighbours in a row differ by, whatever else is in them."""
    if values.shape[1] < 2:
        return 0.0
    return 1.4826 * float(np.median(np.abs(np.diff(values, axis=1)))) / math.sqrt(2)


def _light_from_the_rim(grey: Grey) -> Grey:
    """Give the quadratic surface that continues the brightness of the picture's rim inwards.

    It is the paper's light under the ink where a lamp stands aside or a lens darkens the corners.
    """
    height, width = grey.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    rim = np.ones((height, width), bool)
    thickness = max(1, min(height, width) // 16)
    rim[thickness:-thickness, thickness:-thickness] = False
    at, values = terms[rim], grey[rim]
    near = np.abs(values - np.median(values))
    trusted = near <= np.quantile(near, 0.8)
    surface: Grey = terms @ np.linalg.lstsq(at[trusted], values[trusted], rcond=None)[0]
    return surface.astype(np.float32)


def _is_light_on_dark(grey: Grey, light: Grey) -> bool:
    """Tell whether the ink is lighter than the paper: whatever lies farthest from it is ink."""
    above = grey - light
    return bool(np.quantile(above, 0.995) > -np.quantile(above, 0.005))


def _local_light(grey: Grey) -> Grey:
    """Estimate the brightness of the bare paper at each point.

    It is the morphological closing of a small copy of the picture: dark things narrower than the
    window vanish, and slow changes of light stay.
    """
    height, width = grey.shape
    scale = min(1.0, _LIGHT_SIZE / max(height, width))
    small = _resize(grey, scale, Image.Resampling.BOX)
    window = max(3, max(small.shape) // 3) | 1
    # The light goes on beyond the rim as it came: without that, the darker side would seem inked.
    padded = np.pad(small, window, mode="reflect", reflect_type="odd")
    closed = -_local_maximum(-_local_maximum(padded, window), window)
    closed = closed[window:-window, window:-window]
    smooth = Image.fromarray(closed).resize((width, height), Image.Resampling.BILINEAR)
    light: Grey = np.maximum(np.asarray(smooth), 0)
    return light


def _local_maximum(values: Grey, window: int) -> Grey:
    reach = window // 2
    for axis in (0, 1):
        padding = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(values, padding, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, window, axis=axis)
        largest: Grey = windows.max(axis=-1)
        values = largest
    return values


def _otsu(values: Grey) -> float:
    """Give the limit that parts values, 0 to 1, into two groups as far apart as possible.

    N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Transactions on
    Systems, Man, and Cybernetics 9(1), 1979.
    """
    counts, edges = np.histogram(values, bins=256, range=(0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    below = counts.cumsum()
    above = below[-1] - below
    sums = (counts * middles).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[int(np.nanargmax(np.nan_to_num(between))) + 1])


def _without_specks(ink: Grey) -> Grey:
    """Take away patches that hold almost no ink or none that is dark: dust, grain, shadows."""
    height, width = ink.shape
    small = _resize(ink, min(1.0, _SPECK_SIZE / max(height, width)), Image.Resampling.BOX)
    patches = _patches(small > 0.1)
    mass = np.bincount(patches.ravel(), weights=small.ravel())
    mass[0] = 0
    darkest = np.zeros_like(mass)
    np.maximum.at(darkest, patches.ravel(), small.ravel())
    kept = (mass >= _SPECK_SHARE * mass.sum()) & (darkest >= _SPECK_DARKNESS)
    mask = Image.fromarray(np.where(kept[patches], np.uint8(255), np.uint8(0)))
    grown = mask.filter(ImageFilter.MaxFilter(3)).resize((width, height), Image.Resampling.NEAREST)
    return np.where(np.asarray(grown) > 0, ink, np.float32(0))


def _patches(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the connected patches of a mask (8 neighbours): 0 outside, else one number a patch."""
    numbers = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), np.int64)
    inside = numbers[1:-1, 1:-1]
    inside[mask] = np.arange(1, int(mask.sum()) + 1)
    while True:
        # Each point takes the largest number around it until every patch has but one.
        largest = _local_maximum(numbers.astype(np.float32), 3)[1:-1, 1:-1].astype(np.int64)
        changed = mask & (largest > inside)
        if not changed.any():
            return inside
        inside[changed] = largest[changed]


def on_the_pad(ink: Grey) -> Ink:
    """Put ink, float32 (H, W), 0 to 1, in the middle of the pad, as large as fits."""
    # Enlarged pixel by pixel: a 28x28 digit of MNIST keeps its very values.
    fitted = _resize(ink, PAD_SIZE / max(ink.shape), Image.Resampling.BOX)
    height, width = fitted.shape
    pad = np.zeros((PAD_SIZE, PAD_SIZE), np.uint8)
    top, left = (PAD_SIZE - height) // 2, (PAD_SIZE - width) // 2
    pad[top : top + height, left : left + width] = (fitted * 255 + 0.5).astype(np.uint8)
    return pad
