"""The key of a bitmap, as src/font/key.rs makes it."""

MULTIPLIER = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def key(rows, width):
    """The key of rows (numbers, the leftmost pixel in the highest of `width` bits), and whether the top-left pixel is set."""
    is_flipped = bool(rows[0] >> (width - 1) & 1)
    state = 0
    for row in rows:
        bits = row ^ ((1 << width) - 1) if is_flipped else row
        state = (state ^ bits << (32 - width)) * MULTIPLIER & MASK
        state ^= state >> 29
    return state, is_flipped


def rank(point):
    """The order of the code points of a glyph, as src/font/character_rank.rs has it."""
    if 0x20 <= point <= 0x7E:
        return 0, point
    if 0xA1 <= point <= 0xFF:
        return 1, point
    if 0x2500 <= point <= 0x259F:
        return 2, point
    if 0x2190 <= point <= 0x2195 or 0x25A0 <= point <= 0x25FF:
        return 3, point
    if 0x391 <= point <= 0x3A9 or 0x3AC <= point <= 0x3CE or 0x410 <= point <= 0x44F or point in (0x401, 0x451):
        return 4, point
    return 5, point


def is_named(point):
    """Whether a glyph can be read as this code point: not a control character, not for private use."""
    return not (point < 0x20 or 0x7F <= point < 0xA0 or 0xE000 <= point <= 0xF8FF or point >= 0xF0000)
