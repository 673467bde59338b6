"""Files that are not pictures, are too large or contain no ink are refused with one sentence."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lenet_desktop.drawing.picture import PictureError, read_picture
from lenet_desktop.drawing.strokes import PAD_SIZE, WIDEST

FORMATS = ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"]


def encode(grey: np.ndarray, file_format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def a_cross(size: int = 64) -> np.ndarray:
    grey = np.full((size, size), 255.0)
    grey[size // 2 - 4 : size // 2 + 4, 8:-8] = grey[8:-8, size // 2 - 4 : size // 2 + 4] = 0
    return grey


def refusal(source: Path | bytes) -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(source)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 400
    return sentence


# Not a picture


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_declares(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(10_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"this is a text\n" * 50, id="text"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(bytes(5000), id="zeros"),
        pytest.param(np.random.default_rng(0).bytes(5000), id="random"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="postscript"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="png signature"),
        pytest.param(b"\xff\xd8\xff", id="jpeg signature"),
        pytest.param(b"GIF89a", id="gif signature"),
        pytest.param(b"BM", id="bmp signature"),
        pytest.param(b"II*\x00", id="tiff signature"),
        pytest.param(b"RIFF\x00\x00\x00\x00WEBP", id="webp signature"),
        pytest.param(png_that_declares(0, 0), id="no size"),
    ],
)
def test_a_file_that_is_not_a_picture_is_reported_in_one_sentence(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    assert str(path) in refusal(path)
    assert "not a picture" in refusal(content)


def test_a_path_without_a_file_is_reported_in_one_sentence(tmp_path: Path) -> None:
    assert "missing.png" in refusal(tmp_path / "missing.png")
    assert str(tmp_path) in refusal(tmp_path)
    (tmp_path / "file").write_text("x")
    assert "file" in refusal(tmp_path / "file" / "a.png")


# Too large


@pytest.mark.parametrize("side", [9_800, 60_000, 2_000_000_000])
def test_a_decompression_bomb_is_refused_by_its_declared_size(side: int) -> None:
    content = png_that_declares(side, side)
    assert len(content) < 1000
    assert "too many pixels" in refusal(content)


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(400 * 1024 * 1024)  # sparse: takes no room
    assert "larger than 100 MiB" in refusal(path)


def test_a_photograph_of_the_largest_phones_is_read() -> None:
    side = np.full((9_000, 12_000), 255, np.uint8)
    side[2_000:7_000, 5_500:6_500] = 0
    assert read_picture(encode(side, "JPEG")).any()


# Damaged


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_picture_cut_off_anywhere_is_refused_or_read(file_format: str) -> None:
    content = encode(a_cross(200), file_format)
    for length in np.linspace(1, len(content) * 0.9, 25).astype(int):
        try:
            ink = read_picture(content[:length])
        except PictureError as error:
            assert str(error).endswith(".")
        else:
            assert file_format in ("GIF", "WEBP", "TIFF"), "their decoders fill in the rest"
            assert ink.any()


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "BMP"])
def test_half_a_picture_is_refused(file_format: str) -> None:
    content = encode(a_cross(200), file_format)
    assert "damaged" in refusal(content[: len(content) // 2])


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_damaged_picture_is_refused_or_read(file_format: str) -> None:
    content = encode(a_cross(), file_format)
    random = np.random.default_rng(len(content))
    refused = 0
    for _ in range(80):
        mutated = bytearray(content)
        # Most damage happens in the header.
        reach = len(mutated) if random.random() < 0.3 else min(120, len(mutated))
        for position in random.integers(0, reach, random.integers(1, 6)):
            mutated[position] = random.integers(0, 256)
        try:
            ink = read_picture(bytes(mutated))
        except PictureError as error:
            refused += 1
            assert str(error).endswith(".")
        else:
            assert ink.shape[0] == PAD_SIZE <= ink.shape[1] <= WIDEST
            assert ink.any()
    assert refused > 5


# No ink

Y, X = np.mgrid[0:1:400j, 0:1:500j]
BLANKS = {
    "white": 255 + 0 * X,
    "black": 0 * X,
    "grey": 127 + 0 * X,
    "a gradient": 60 + 160 * X,
    "a slanted gradient": 100 + 60 * X + 60 * Y,
    "dim light to one side": 230 - 120 * X**2,
    "a lens that darkens the corners": 230 - 60 * ((Y - 0.5) ** 2 + (X - 0.5) ** 2) * 2,
    "texture of paper": 235 + np.random.default_rng(0).normal(0, 3, X.shape),
    "grain": 200 + np.random.default_rng(1).normal(0, 8, X.shape),
    "strong grain": 200 + np.random.default_rng(2).normal(0, 20, X.shape),
    "grain on a gradient": 100 + 100 * X + np.random.default_rng(3).normal(0, 6, X.shape),
    "grain in the dark": 20 + np.random.default_rng(4).normal(0, 4, X.shape),
}


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
@pytest.mark.parametrize("grey", BLANKS.values(), ids=BLANKS.keys())
def test_a_blank_picture_holds_no_ink(grey: np.ndarray, file_format: str) -> None:
    assert "holds no ink" in refusal(encode(grey, file_format))


@pytest.mark.parametrize("value", [0, 100, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (2, 2)])
def test_a_sliver_of_one_colour_holds_no_ink(shape: tuple[int, int], value: int) -> None:
    assert "holds no ink" in refusal(encode(np.full(shape, value)))


def test_a_blank_16_bit_picture_holds_no_ink() -> None:
    for value in (0, 40_000, 65_535):
        buffer = io.BytesIO()
        Image.fromarray(np.full((90, 90), value, np.uint16)).save(buffer, "PNG")
        assert "holds no ink" in refusal(buffer.getvalue())


def test_a_transparent_picture_holds_no_ink() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (90, 90), (10, 200, 30, 0)).save(buffer, "PNG")
    assert "holds no ink" in refusal(buffer.getvalue())
