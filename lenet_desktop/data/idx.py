"""The idx file format of MNIST and its family, packed with gzip or not."""

import gzip
import math
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.regular_file import read_regular

_TYPES: dict[int, np.dtype[Any]] = {8: np.dtype(np.uint8), 12: np.dtype(">i4")}


def read_idx(folder: Path, name: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return the bytes in the file ``name``, or in ``name.gz`` if there is no such file.

    torchvision reads the same, but its import takes 1.4 s and 100 MB. The caller knows the shape,
    so a damaged header or archive cannot make this read more than that.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is damaged, has another shape, or does not contain bytes.
    """
    content = read_packed(folder, name, 4 + 4 * len(shape) + math.prod(shape))
    values = parse_idx(content, name, shape)
    if values.shape != shape:
        raise ValueError(f"{name} does not hold bytes of shape {shape}")
    return values


def read_packed(folder: Path, name: str, max_bytes: int) -> bytes:
    """Return the content of the file ``name``, or of ``name.gz`` if there is no such file.

    Raises:
        OSError: the file cannot be read.
        ValueError: the archive is damaged, or there are more than ``max_bytes``.
    """
    unpacked = folder / name
    if not unpacked.is_file():
        return unpack(read_regular(folder / f"{name}.gz", max_bytes), f"{name}.gz", max_bytes)
    if unpacked.stat().st_size > max_bytes:
        raise ValueError(f"{name} has the wrong length")
    return read_regular(unpacked, max_bytes)


def unpack(archive: bytes, name: str, max_bytes: int) -> bytes:
    """Return what is in a gzip archive.

    Raises:
        ValueError: the archive is damaged, or holds more than ``max_bytes``.
    """
    try:
        content = gzip.GzipFile(fileobj=BytesIO(archive)).read(max_bytes + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{name} is damaged") from error
    if len(content) > max_bytes:
        raise ValueError(f"{name} has the wrong length")
    return content


def parse_idx(content: bytes, name: str, most: tuple[int, ...], kind: int = 8) -> NDArray[Any]:
    """Return the values of an idx file.

    Args:
        content: the whole file.
        name: what errors call it.
        most: the shape; there may be fewer along the first axis.
        kind: idx's number of the type: 8 for bytes, 12 for int32.

    Raises:
        ValueError: the content is damaged, or of another shape or type.
    """
    # Two zeros, the type, the number of dimensions; then each dimension's size.
    head = bytes((0, 0, kind, len(most)))
    start = 4 + 4 * len(most)
    shape = tuple(int.from_bytes(content[at : at + 4], "big") for at in range(4, start, 4))
    type_ = _TYPES[kind]
    if (
        not content.startswith(head)
        or shape[1:] != most[1:]
        or shape[0] > most[0]
        or len(content) != start + math.prod(shape) * type_.itemsize
    ):
        raise ValueError(f"{name} does not hold values of shape {most}")
    return np.frombuffer(bytearray(content), type_, offset=start).reshape(shape)
