"""Run as a program: SVG in, PNG out, ``WIDTH`` pixels wide.

It is a program of its own because the library that draws holds the interpreter for as long as it draws.
"""

from __future__ import annotations

import sys

import resvg_py

from bot.pictures.lettering import FAMILY, FONT


def draw(svg: str, wide: int) -> bytes:
    """PNG bytes; only our own font is used, so that it looks the same on every machine. ValueError for no SVG."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, width=wide, font_files=[str(FONT)], skip_system_fonts=True, sans_serif_family=FAMILY
        )
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read().decode(), int(sys.argv[1])))
