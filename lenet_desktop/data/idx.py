"""The idx file format of MNIST and its family, packed with gzip or not."""

import gzip
import math
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.regular_file import read_regular


def read_idx(folder: Path, name: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return the bytes in the file ``name``, or in ``name.gz`` if there is no such file.

    torchvision reads the same, but its import takes 1.4 s and 100 MB. The caller knows the shape,
    so a damaged header or archive cannot make this read more than that.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is damaged, has another shape, or does not contain bytes.
    """
    # Two zeros, 8 for bytes, the number of dimensions; then each dimension's size.
    head = bytes((0, 0, 8, len(shape))) + b"".join(size.to_bytes(4, "big") for size in shape)
    expected = len(head) + math.prod(shape)
    unpacked = folder / name
    if unpacked.is_file():
        if unpacked.stat().st_size != expected:
            raise ValueError(f"{name} has the wrong length")
        content = read_regular(unpacked, expected)
    else:
        archive = BytesIO(read_regular(folder / f"{name}.gz", expected))
        try:
            content = gzip.GzipFile(fileobj=archive).read(expected + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"{name}.gz is damaged") from error
    if len(content) != expected or not content.startswith(head):
        raise ValueError(f"{name} does not hold bytes of shape {shape}")
    return np.frombuffer(bytearray(content), np.uint8, offset=len(head)).reshape(shape)
