"""Files in the idx format of MNIST and its family, packed with gzip or not."""

import gzip
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read_idx(folder: Path, name: str, dimensions: int, md5: str) -> NDArray[np.uint8]:
    """Read one of MNIST's files, unpacked or packed.

    torchvision gives the same digits; but importing it takes 1.4 s and, in a packaged program, a
    hundred megabytes.
    """
    if (folder / name).is_file():
        content = (folder / name).read_bytes()
    else:
        archive = (folder / f"{name}.gz").read_bytes()
        if md5_of(archive) != md5:
            raise ValueError(f"{name}.gz has the wrong MD5 sum")
        content = gzip.decompress(archive)
    # Two zeros, 8 for bytes, the number of dimensions; then each dimension's size.
    head, body = content[: 4 + 4 * dimensions], content[4 + 4 * dimensions :]
    if head[:4] != bytes((0, 0, 8, dimensions)):
        raise ValueError(f"{name} is no file of this kind")
    return np.frombuffer(bytearray(body), np.uint8).reshape(np.frombuffer(head[4:], ">u4"))


def md5_of(content: bytes | bytearray) -> str:
    """Return the MD5 sum in hexadecimal digits."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
