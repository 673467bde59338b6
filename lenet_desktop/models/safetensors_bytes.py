"""Tensors and texts as the bytes of a safetensors file, and back.

A safetensors file is the length of its header (8 bytes, little-endian), the header as JSON, and the
numbers. It cannot run code; nothing here ever unpickles.
"""

import json
import struct

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

_LENGTH = struct.Struct("<Q")


def to_bytes(tensors: dict[str, Tensor], metadata: dict[str, str]) -> bytes:
    """Return a safetensors file; the same content always gives the same bytes.

    Raises:
        ValueError: a text cannot be written, such as half a surrogate pair.
    """
    on_cpu = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    content = save(on_cpu, metadata)
    end = _LENGTH.size + _LENGTH.unpack_from(content)[0]
    # safetensors writes the metadata in random order.
    header = json.loads(content[_LENGTH.size : end])
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # the numbers begin at a multiple of 8 bytes
    return _LENGTH.pack(len(text)) + text + content[end:]


def from_bytes(content: bytes, max_header: int) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors and the metadata of a safetensors file.

    Args:
        content: the whole file.
        max_header: the longest header that is parsed, in bytes; a parser may need a hundred times
            as much memory.

    Raises:
        ValueError: it is not a safetensors file, it is damaged, or its header is too long.
    """
    length = _LENGTH.unpack_from(content)[0] if len(content) >= _LENGTH.size else 0
    if length > max_header:
        raise ValueError(f"the header is longer than {max_header:,} bytes")
    try:
        tensors = load(content)
        metadata = json.loads(content[_LENGTH.size : _LENGTH.size + length])
    except (SafetensorError, KeyError, ValueError) as error:  # KeyError: an unknown type of number
        raise ValueError("it is not a safetensors file, or it is damaged") from error
    return tensors, metadata.get("__metadata__") or {}
