"""Pictures of every kind show the right digit on the pad; test_bad_pictures.py tests bad files."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lenet_desktop import paths
from lenet_desktop.drawing.picture import PictureError, read_picture, write_picture
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import blank, rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import PAD_SIZE, WIDEST, Ink, place

DEMO = {r.label: r.strokes for r in read_strokes(paths.resource("demo-strokes.jsonl"))}
INK = rasterize(place(DEMO["4"]))
DARK_ON_LIGHT, LIGHT_ON_DARK = 255 - INK, INK


def encode(image: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def assert_nearly(ink: Ink, expected: Ink = INK, tolerance: float = 0.5) -> None:
    assert ink.shape == (PAD_SIZE, PAD_SIZE)
    assert ink.dtype == np.uint8
    assert np.abs(ink.astype(int) - expected).mean() <= tolerance


def likeness(ink: Ink, expected: Ink = INK) -> float:
    """Return the correlation of the two samples, one of them shifted by up to a pixel."""
    a, b = preprocess(ink), preprocess(expected)
    assert a is not None
    assert b is not None
    shifted = (np.roll(a, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1))
    return max(float(np.corrcoef(s.ravel(), b.ravel())[0, 1]) for s in shifted)


POLARITIES = pytest.mark.parametrize(
    "grey", [DARK_ON_LIGHT, LIGHT_ON_DARK], ids=["dark on light", "light on dark"]
)


@POLARITIES
@pytest.mark.parametrize("file_format", ["PNG", "BMP", "GIF", "TIFF"])
def test_a_lossless_picture_of_a_digit_is_that_digit(file_format: str, grey: Ink) -> None:
    assert np.array_equal(read_picture(encode(Image.fromarray(grey), file_format)), INK)


@POLARITIES
@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("file_format", ["JPEG", "WEBP"])
def test_a_lossy_picture_of_a_digit_is_nearly_that_digit(
    file_format: str, mode: str, grey: Ink
) -> None:
    content = encode(Image.fromarray(grey).convert(mode), file_format, quality=80)
    assert_nearly(read_picture(content))


@POLARITIES
@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA", "LA", "I;16"])
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_depth_and_palette_do_not_matter(file_format: str, mode: str, grey: Ink) -> None:
    image = (
        Image.fromarray(grey.astype(np.uint16) * 257)
        if mode == "I;16"
        else Image.fromarray(grey).convert(mode)
    )
    assert_nearly(read_picture(encode(image, file_format)))


@pytest.mark.parametrize(
    ("mode", "file_format"),
    [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("YCbCr", "TIFF"), ("I", "TIFF"), ("F", "TIFF")],
)
def test_rare_modes_are_read(mode: str, file_format: str) -> None:
    image = Image.fromarray(DARK_ON_LIGHT)
    image = image.convert("RGB").convert(mode) if mode in ("CMYK", "YCbCr") else image.convert(mode)
    assert_nearly(read_picture(encode(image, file_format)))


def test_an_unreadable_mode_is_reported() -> None:
    with pytest.raises(PictureError):
        read_picture(encode(Image.new("LAB", (50, 50)), "TIFF"))


@pytest.mark.parametrize("name", ["drawing.png", "drawing", "drawing.jpg"])
def test_the_format_is_found_from_the_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(encode(Image.fromarray(DARK_ON_LIGHT), "BMP"))
    assert np.array_equal(read_picture(tmp_path / name), INK)


@pytest.mark.parametrize("ink_is", ["dark", "light"])
@pytest.mark.parametrize(
    ("mode", "file_format"),
    [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "TIFF"), ("P", "PNG")],
)
def test_a_drawing_on_a_transparent_ground_is_read(
    mode: str, file_format: str, ink_is: str
) -> None:
    colour = np.full_like(INK, 30 if ink_is == "dark" else 235)
    image = Image.merge("LA", [Image.fromarray(colour), Image.fromarray(INK)])
    if mode == "P":
        rgba = image.convert("RGBA").quantize(32, Image.Quantize.FASTOCTREE)
        assert "transparency" in rgba.info or rgba.palette.mode == "RGBA"
        image = rgba
    else:
        image = image.convert(mode)
    options = {"lossless": True} if file_format == "WEBP" else {}
    assert_nearly(read_picture(encode(image, file_format, **options)), tolerance=1.0)


def test_gif_with_a_transparent_ground_shows_its_first_frame() -> None:
    first = Image.fromarray(np.where(INK > 127, np.uint8(1), np.uint8(0)), "P")
    first.putpalette([255, 255, 255, 0, 0, 0])
    second = Image.new("P", first.size, 1)
    second.putpalette([255, 255, 255, 0, 0, 0])
    content = encode(first, "GIF", transparency=0, save_all=True, append_images=[second])
    assert_nearly(read_picture(content))


STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize("orientation", STORED_AS)
def test_a_picture_is_turned_upright_as_its_camera_says(orientation: int, file_format: str) -> None:
    turn = STORED_AS[orientation]
    image = Image.fromarray(DARK_ON_LIGHT[:, 150:650])
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = image if turn is None else image.transpose(turn)
    assert_nearly(read_picture(encode(stored, file_format, exif=exif)))


@pytest.mark.parametrize("size", [(28, 28), (280, 280), (61, 61), (3000, 3000)])
def test_a_picture_of_any_size_fills_the_pad(size: tuple[int, int]) -> None:
    image = Image.fromarray(DARK_ON_LIGHT).resize(size, Image.Resampling.BOX)
    ink = read_picture(encode(image, "PNG"))
    assert likeness(ink) > 0.9
    assert_nearly(ink, tolerance=12)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(900, 300, 320), (600, 300, 400), (300, 900, 133), (450, 300, 267), (4000, 1000, 240)],
)
def test_proportions_are_kept_in_the_middle_of_the_pad(
    width: int, height: int, expected: int
) -> None:
    image = Image.new("L", (width, height), 255)
    side = min(width, height) // 2
    left, top = (width - side) // 2, (height - side) // 2
    image.paste(0, (left, top, left + side, top + side))
    ink = read_picture(encode(image, "PNG"))
    rows, columns = np.nonzero(ink > 127)
    assert np.ptp(columns) + 1 == pytest.approx(expected, abs=2)
    assert np.ptp(rows) + 1 == pytest.approx(expected, abs=2)
    assert columns.mean() == pytest.approx(ink.shape[1] / 2, abs=2)


@pytest.mark.parametrize("width", [PAD_SIZE, 931, 1511, WIDEST])
def test_a_saved_drawing_opens_as_it_was_on_paper_of_any_width(width: int, tmp_path: Path) -> None:
    ink = rasterize(replace(place(DEMO["4"]), bare_width=width))
    path = tmp_path / "drawing.png"
    write_picture(ink, path)
    assert np.array_equal(read_picture(path), ink)


def test_mnist_digits_keep_their_exact_values() -> None:
    digit = np.asarray(Image.fromarray(INK).resize((25, 25), Image.Resampling.BOX))
    digit = (digit * (255 / digit.max())).astype(np.uint8)
    ink = read_picture(encode(Image.fromarray(digit), "PNG"))
    assert np.array_equal(ink, np.kron(digit, np.ones((32, 32), np.uint8)))


# Huge pictures


def huge(mode: str) -> Image.Image:
    """Return a dark digit on light ground, four times as large as the pad."""
    grey = np.kron(DARK_ON_LIGHT, np.ones((4, 4), np.uint8))
    if mode == "I;16":
        return Image.fromarray(grey.astype(np.uint16) * 257)
    if mode in ("RGBA", "LA"):
        alpha = Image.fromarray(255 - grey)
        return Image.merge("LA", [Image.new("L", alpha.size, 40), alpha]).convert(mode)
    return Image.fromarray(grey).convert(mode)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "I", "F"])
def test_a_huge_picture_of_any_mode_is_read_as_a_small_one(mode: str) -> None:
    assert_nearly(read_picture(encode(huge(mode), "TIFF")))


def test_a_huge_picture_with_one_transparent_colour_is_read() -> None:
    image = Image.fromarray(np.kron(DARK_ON_LIGHT, np.ones((4, 4), np.uint8))).convert("P")
    assert_nearly(read_picture(encode(image, "PNG", transparency=255, compress_level=1)))


def test_a_huge_picture_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = huge("L").transpose(Image.Transpose.ROTATE_90)
    assert_nearly(read_picture(encode(stored, "PNG", exif=exif, compress_level=1)))


@pytest.mark.parametrize("shape", [(1, 9_001), (9_001, 1), (3, 20_000)])
def test_a_huge_sliver_is_read(shape: tuple[int, int]) -> None:
    grey = np.full(shape, 255, np.uint8)
    grey[shape[0] // 3 : shape[0] // 2 + 1, shape[1] // 3 : shape[1] // 2 + 1] = 0
    assert read_picture(encode(Image.fromarray(grey), "BMP")).any()


PEAK = """
import sys
from pathlib import Path
from lenet_desktop.drawing.picture import read_picture

def peak():  # what getrusage says includes the parent process
    (line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    return int(line.split()[1])

before = peak()
read_picture(Path(sys.argv[1]))
print(peak() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts memory as Linux does")
@pytest.mark.parametrize("mode", ["I;16", "RGBA"])
def test_a_huge_picture_is_never_held_as_floats(tmp_path: Path, mode: str) -> None:
    """25 megapixels once took 0.4 and 0.7 GB, 17 and 28 bytes a pixel; now 6 and 9."""
    side = 5_000
    image = Image.new(mode, (side, side), 65_535 if mode == "I;16" else (255, 255, 255, 255))
    image.paste(0 if mode == "I;16" else (0, 0, 0, 255), (2_000, 500, 2_600, 4_500))
    image.save(tmp_path / "huge.png", compress_level=1)
    command = [sys.executable, "-c", PEAK, tmp_path / "huge.png"]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    bytes_a_pixel = int(finished.stdout) * 1024 / side**2
    assert bytes_a_pixel < (10 if mode == "I;16" else 16)


# Photographs


def photo(label: str, random: np.random.Generator, *, light_side: str) -> Image.Image:
    """Return a phone's photograph: thin pencil on paper, a lamp to one side, a shadow, grain."""
    height, width = 1000, 800
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    light = 235 - 90 * (1 - x if light_side == "right" else x) - 25 * y
    light -= 30 / (1 + np.exp(-(y - x - 0.35) * 9))  # the hand's shadow, soft, over one corner
    strokes = rasterize(place(DEMO[label], height=0.5, brush=11)).astype(float) / 255
    pencil = np.zeros((height, width))
    pencil[100:900] = strokes
    texture = random.normal(0, 1, (height // 4, width // 4)).repeat(4, 0).repeat(4, 1)
    grey = light * (1 - 0.5 * pencil * (0.8 + 0.2 * random.random(pencil.shape)))
    grey = grey + texture + random.normal(0, 3, grey.shape)
    tinted = np.stack([grey, grey * 0.97, grey * 0.9], axis=-1)
    return Image.fromarray(np.clip(tinted, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("light_side", ["left", "right"])
@pytest.mark.parametrize("label", DEMO)
def test_pencil_on_unevenly_lit_paper_is_read_from_a_phones_photograph(
    label: str, light_side: str
) -> None:
    image = photo(label, np.random.default_rng(int(label)), light_side=light_side)
    ink = read_picture(encode(image, "JPEG", quality=70))
    expected = rasterize(place(DEMO[label], height=0.5, brush=11))
    assert likeness(ink, expected) > 0.8  # measured: 0.85 to 0.99
    assert 0.4 < (ink > 60).mean() / (expected > 60).mean() < 1.2, "and no shadow or grain"


# The pad's own pictures


@pytest.mark.parametrize("label", ["1", "8"])
def test_a_picture_saved_by_the_pad_gives_the_same_ink(tmp_path: Path, label: str) -> None:
    path = tmp_path / "new folder" / "drawing.png"
    ink = rasterize(place(DEMO[label], centre=(0.3, 0.6), brush=33))
    write_picture(ink, path)
    assert np.array_equal(read_picture(path), ink)


def test_a_pad_without_ink_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="draw a digit first"):
        write_picture(blank(), tmp_path / "a.png")
    assert not list(tmp_path.glob("a*"))


def test_an_unwritable_path_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PictureError, match="cannot be written"):
        write_picture(INK, tmp_path / "file" / "a.png")


@pytest.mark.parametrize("label", DEMO)
def test_a_breath_of_ink_around_the_digit_does_not_make_it_smaller(
    tmp_path: Path, label: str
) -> None:
    ink = rasterize(place(DEMO[label], height=0.5, brush=40))
    clean, faint = tmp_path / "clean.png", tmp_path / "faint.png"
    Image.fromarray(255 - ink).save(clean)
    # As JPEG leaves it on paper that is clipped to white.
    random = np.random.default_rng(0)
    breath = np.where(random.random(ink.shape) < 0.01, random.integers(15, 40, ink.shape), 0)
    Image.fromarray(255 - np.maximum(ink, breath).astype(np.uint8)).save(faint)
    one, other = (preprocess(read_picture(path)) for path in (clean, faint))
    assert one is not None and other is not None
    assert np.abs(one - other).mean() < 0.03
