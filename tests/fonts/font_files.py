"""Reads and writes the files that bitmap fonts come in. No dependencies.

A font is a pair of its cell size and a list of glyphs; a glyph is a tuple of its rows (numbers, the leftmost pixel in the
highest bit) and the list of its code points.
"""

import gzip
import struct
from pathlib import Path
from typing import NamedTuple

PSF1_MAGIC = b"\x36\x04"
PSF2_MAGIC = b"\x72\xb5\x4a\x86"


def read_bytes(path):
    data = Path(path).read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def split_rows(data, width, height):
    """The rows of one glyph whose rows fill whole bytes."""
    size = (width + 7) // 8
    rows = [int.from_bytes(data[at : at + size], "big") >> (size * 8 - width) for at in range(0, size * height, size)]
    return tuple(rows)


def read_psf(path):
    """A PSF1 or PSF2 file: (width, height), [(rows, code points)]. Sequences of several code points are left out."""
    data = read_bytes(path)
    if data[:4] == PSF2_MAGIC:
        _, _, header, flags, count, size, height, width = struct.unpack("<8I", data[:32])
        table = data[header + count * size :] if flags & 1 else b""
        entries = table.split(b"\xff")[:count]
        points = [[ord(c) for c in entry.split(b"\xfe")[0].decode()] for entry in entries]
    elif data[:2] == PSF1_MAGIC:
        mode, height = data[2], data[3]
        header, count, size, width = 4, 512 if mode & 1 else 256, height, 8
        units = struct.unpack(f"<{(len(data) - header - count * size) // 2}H", data[header + count * size :])
        points, current, in_sequence = [], [], False
        for unit in units if mode & 6 else ():
            if unit == 0xFFFF:
                points.append(current)
                current, in_sequence = [], False
            elif unit == 0xFFFE:
                in_sequence = True
            elif not in_sequence:
                current.append(unit)
    else:
        raise ValueError(f"{path} is no PSF file")
    points += [[] for _ in range(count - len(points))]
    rows = [split_rows(data[header + i * size : header + (i + 1) * size], width, height) for i in range(count)]
    return (width, height), list(zip(rows, points))


def psf2(size, glyphs):
    """The bytes of a PSF2 file with a Unicode table."""
    width, height = size
    row_bytes = (width + 7) // 8
    pad = row_bytes * 8 - width
    out = [PSF2_MAGIC, struct.pack("<7I", 0, 32, 1, len(glyphs), row_bytes * height, height, width)]
    out += [(row << pad).to_bytes(row_bytes, "big") for rows, _ in glyphs for row in rows]
    out += ["".join(map(chr, points)).encode() + b"\xff" for _, points in glyphs]
    return b"".join(out)


PCF_PROPERTIES, PCF_METRICS, PCF_BITMAPS, PCF_ENCODINGS = 1, 4, 8, 32


def pcf_tables(path):
    """The bytes of a PCF file, and a function that gives the start, the layout and the byte order of a table."""
    data = read_bytes(path)
    if data[:4] != b"\x01fcp":
        raise ValueError(f"{path} is no PCF file")
    tables = {}
    for i in range(struct.unpack_from("<I", data, 4)[0]):
        kind, _, _, offset = struct.unpack_from("<4I", data, 8 + 16 * i)
        tables[kind] = offset

    def start(kind):
        offset = tables[kind]
        layout = struct.unpack_from("<I", data, offset)[0]
        return offset + 4, layout, ">" if layout & 4 else "<"

    return data, start


def pcf_property(path, wanted):
    """A property of a PCF file that is text."""
    data, start = pcf_tables(path)
    at, _, order = start(PCF_PROPERTIES)
    count = struct.unpack_from(order + "I", data, at)[0]
    properties = [struct.unpack_from(order + "IBI", data, at + 4 + 9 * i) for i in range(count)]
    strings = at + 4 + (9 * count + 3) // 4 * 4 + 4
    text = lambda offset: data[strings + offset : data.index(b"\0", strings + offset)].decode()
    return next(text(value) for name, is_text, value in properties if is_text and text(name) == wanted)


class PcfGlyph(NamedTuple):
    """A bitmap and its place, in pixels from the origin of the character."""

    left: int
    ascent: int
    width: int
    rows: list
    advance: int


def read_pcf(path):
    """A PCF file, as X servers read it: {code point: PcfGlyph}.

    Source: the description of the format in the documents of FreeType and FontForge.
    """
    data, start = pcf_tables(path)

    at, layout, order = start(PCF_METRICS)
    metrics = []
    if layout & 0x100:
        for i in range(struct.unpack_from(order + "H", data, at)[0]):
            metrics.append([value - 0x80 for value in data[at + 2 + 5 * i : at + 7 + 5 * i]])
    else:
        for i in range(struct.unpack_from(order + "I", data, at)[0]):
            metrics.append(struct.unpack_from(order + "5h", data, at + 4 + 12 * i))

    at, layout, order = start(PCF_BITMAPS)
    count = struct.unpack_from(order + "I", data, at)[0]
    offsets = struct.unpack_from(f"{order}{count}I", data, at + 4)
    bitmaps = at + 4 + 4 * count + 16
    padding, is_high_bit_first, unit = 1 << (layout & 3), layout & 8, 1 << (layout >> 4 & 3)

    def bitmap(glyph):
        left, right, advance, ascent, descent = metrics[glyph]
        width, height = right - left, ascent + descent
        row_bytes = (width + 8 * padding - 1) // (8 * padding) * padding
        rows = []
        for row in range(height):
            begin = bitmaps + offsets[glyph] + row * row_bytes
            raw = data[begin : begin + row_bytes]
            if bool(layout & 4) != bool(is_high_bit_first):
                raw = b"".join(raw[i : i + unit][::-1] for i in range(0, len(raw), unit))
            if not is_high_bit_first:
                raw = bytes(int(f"{byte:08b}"[::-1], 2) for byte in raw)
            rows.append(int.from_bytes(raw, "big") >> (row_bytes * 8 - width) if width else 0)
        return PcfGlyph(left, ascent, width, rows, advance)

    at, layout, order = start(PCF_ENCODINGS)
    first2, last2, first1, last1, _ = struct.unpack_from(order + "5H", data, at)
    glyphs = {}
    for byte1 in range(first1, last1 + 1):
        for byte2 in range(first2, last2 + 1):
            index = (byte1 - first1) * (last2 - first2 + 1) + byte2 - first2
            glyph = struct.unpack_from(order + "H", data, at + 10 + 2 * index)[0]
            if glyph != 0xFFFF:
                glyphs[byte1 << 8 | byte2] = bitmap(glyph)
    return glyphs


def place(glyph, size, ascent):
    """The rows of a PCF glyph in a cell whose baseline is `ascent` pixels below its top; None if ink lies outside."""
    left, top, width, rows, _ = glyph
    cell = [0] * size[1]
    for i, row in enumerate(rows):
        shift = size[0] - left - width
        moved = row << shift if shift >= 0 else row >> -shift
        y = ascent - top + i
        if (moved << -shift if shift < 0 else moved >> shift) != row or moved >> size[0]:
            return None
        if 0 <= y < size[1]:
            cell[y] = moved
        elif row:
            return None
    return tuple(cell)
