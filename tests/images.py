"""Small pictures that are what they say: PNG and JPEG with the pixels asked for, written by hand."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int, *, padding: int = 0) -> bytes:
    """A grey PNG of one colour; ``padding`` bytes of comment make it larger."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    comment = _chunk(b"tEXt", b"note\0" + b"." * padding) if padding else b""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + comment + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def jpeg(width: int, height: int, *, marker: int = 0xC0) -> bytes:
    """The skeleton of a JPEG: application data, a frame of that size, an (empty) scan."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\x01\x01\x00\x00\x3f\x00" + b"\x00" * 40
    segments = [(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"), (marker, frame), (0xDA, scan)]
    body = b"".join(b"\xff" + bytes([code]) + struct.pack(">H", len(data) + 2) + data for code, data in segments)
    return b"\xff\xd8" + body + b"\xff\xd9"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
