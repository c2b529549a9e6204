"""Makes a table of the keys of a font's bitmaps from captures of a guest's screen.

    python3 tests/fonts/observe.py [--rows N] WIDTH HEIGHT OUTPUT COMMENT PICTURE...

PICTURE is a PNG of a screen whose cells have WIDTH x HEIGHT pixels and begin at its top left; PICTURE with the ending .txt
in place of .png holds its true text in UTF-8, a line a row, as the guest's /dev/vcsu1 gives it. The bitmaps are taken from
the first N rows (all without --rows), which must show light text on the picture's most common colour. All other rows must
agree with them, cell by cell, in whatever colours; a cell that does not, but for one in a picture (the cursor), ends the
program. COMMENT says where the captures are from.

Only keys are kept. No bitmap can be made from a key, so the table holds facts that were seen, not the font.
"""

import argparse
import collections
import struct
import sys
import zlib
from pathlib import Path

from keys import is_named, key, rank


def read_png(path):
    """The rows of pixels of a PNG with 8 bits a channel that is not interlaced; a pixel is the bytes of its colour."""
    data = Path(path).read_bytes()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        sys.exit(f"{path} is not a PNG")
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    if depth != 8 or interlace:
        sys.exit(f"{path} has {depth} bits a channel, or is interlaced")
    raw, size = zlib.decompress(packed), width * channels
    above, rows = bytearray(size), []
    for y in range(height):
        line = raw[y * (size + 1) : (y + 1) * (size + 1)]
        row, kind = bytearray(line[1:]), line[0]
        for x in range(size):
            left = row[x - channels] if x >= channels else 0
            corner = above[x - channels] if x >= channels else 0
            if kind == 1:
                predicted = left
            elif kind == 2:
                predicted = above[x]
            elif kind == 3:
                predicted = (left + above[x]) // 2
            elif kind == 4:
                guess = left + above[x] - corner
                predicted = min((left, above[x], corner), key=lambda value: abs(guess - value))
            else:
                predicted = 0
            row[x] = row[x] + predicted & 0xFF
        rows.append([bytes(row[x : x + channels]) for x in range(0, size, channels)])
        above = row
    return rows


def cells(picture, size):
    """Each cell of a picture that has a character: (row, column, character, its rows of pixels)."""
    width, height = size
    pixels = read_png(picture)
    lines = Path(picture).with_suffix(".txt").read_text("utf-8").split("\n")
    for row in range(len(pixels) // height):
        line = lines[row] if row < len(lines) else ""
        for column, character in enumerate(line):
            part = [pixels[row * height + y][column * width : (column + 1) * width] for y in range(height)]
            if len(part[0]) < width:
                sys.exit(f"{picture}: row {row} has more characters than the picture has cells")
            yield row, column, character, part


def observe(pictures, size, rows):
    """{(key, whether the top-left pixel is ink): the code points seen}, from the first `rows` rows of each picture."""
    table = collections.defaultdict(set)
    others = []
    for picture in pictures:
        seen = list(cells(picture, size))
        background = collections.Counter(pixel for _, _, _, part in seen for line in part for pixel in line)
        background = background.most_common(1)[0][0]
        for row, column, character, part in seen:
            colours = {pixel for line in part for pixel in line}
            if len(colours) != 2:
                # A space, a full block or a cell with the mouse pointer.
                continue
            bits = [int("".join("01"[pixel != part[0][0]] for pixel in line), 2) for line in part]
            value, _ = key(bits, size[0])
            if row < rows:
                if background not in colours:
                    sys.exit(f"{picture}: row {row} is not light text on the picture's most common colour")
                table[value, part[0][0] != background].add(ord(character))
            else:
                others.append((picture, row, column, character, value))
    wrong = collections.Counter()
    for picture, row, column, character, value in others:
        if not any(ord(character) in table.get((value, flipped), ()) for flipped in (False, True)):
            wrong[picture] += 1
            if wrong[picture] > 1:
                sys.exit(f"{picture}: row {row}, column {column} shows {character!r} with another bitmap")
    return table


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1 << 16)
    parser.add_argument("width", type=int)
    parser.add_argument("height", type=int)
    parser.add_argument("output", type=Path)
    parser.add_argument("comment")
    parser.add_argument("pictures", nargs="+", type=Path)
    options = parser.parse_args()
    size = options.width, options.height
    table = observe(options.pictures, size, options.rows)
    lines = [f"# {line}" for line in options.comment.split("\n")]
    lines += ["# Made by tests/fonts/observe.py. A line: the key of a bitmap, `flipped` if its top-left pixel is ink, characters."]
    lines += [f"cell {size[0]} {size[1]}"]
    for (value, is_flipped), points in sorted(table.items()):
        points = sorted(filter(is_named, points), key=rank)
        if points:
            flag = " flipped" if is_flipped else ""
            lines.append(f"{value:016x}{flag} " + " ".join(f"U+{point:04X}" for point in points))
    options.output.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{options.output}: {len(lines)} lines, {len({point for points in table.values() for point in points})} characters")


if __name__ == "__main__":
    main()
