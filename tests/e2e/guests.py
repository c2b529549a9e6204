"""Guests for QEMU that fit into a boot sector: what they do is known to the byte, and they are up in a second.

Machine code, with the instruction beside it. Sources: Intel's manual for the opcodes; Ralf Brown's Interrupt List for
int 10h (screen), 13h (disk) and 16h (keyboard); IBM's PC/AT reference for the keyboard's ports 60h and 64h.
"""

from __future__ import annotations

import re

SECTOR = 512

# A text screen: 25 lines of 80 cells, each a character and its colours.
COLUMNS, LINES = 80, 25

TEXT_MODE = """
    b8 03 00    mov ax, 3           ; 80 x 25 cells of text, and the screen is cleared
    cd 10       int 10h
"""

# It blinks, so that no two pictures would be the same.
NO_CURSOR = """
    b4 01       mov ah, 1
    b9 00 20    mov cx, 2000h
    cd 10       int 10h
"""

# Says that it is there, where no screen shows it: in the first cell behind the screen. A start of the machine takes it
# away, since that clears the text memory.
MARK, MARK_AT = 0x4B4F, 0xFA0
READY = """
    b8 00 b8    mov ax, 0b800h
    8e d8       mov ds, ax
    c7 06 a0 0f 4f 4b    mov word [0fa0h], 4b4fh
"""

# Shows what the BIOS makes of the keys.
ECHO = """
  key:
    b4 00       mov ah, 0           ; wait for a key
    cd 16       int 16h
    b4 0e       mov ah, 0eh         ; show AL, and move on
    bb 07 00    mov bx, 7
    cd 10       int 10h
    3c 0d       cmp al, 0dh         ; Enter is only half of a new line
    75 <key     jne key
    b0 0a       mov al, 0ah
    cd 10       int 10h
    eb <key     jmp key
"""

# The BIOS is not to read the keyboard.
NO_INTERRUPTS = """
    fa          cli
"""

# Shows what the keyboard says, as hexadecimal numbers: each key as it goes down and as it comes up (80h more).
SCANCODES = """
  next:
    e4 64       in al, 64h
    a8 01       test al, 1          ; has it said anything?
    74 <next    jz next
    e4 60       in al, 60h
    88 c2       mov dl, al
    c0 e8 04    shr al, 4
    e8 <<digit  call digit
    88 d0       mov al, dl
    24 0f       and al, 0fh
    e8 <<digit  call digit
    b0 20       mov al, ' '
    e8 <<show   call show
    eb <next    jmp next
  digit:
    04 30       add al, '0'
    3c 3a       cmp al, '9' + 1
    72 <show    jb show
    04 27       add al, 'a' - '9' - 1
  show:
    b4 0e       mov ah, 0eh
    bb 07 00    mov bx, 7
    cd 10       int 10h
    c3          ret
"""

# Puts the disk's next eight sectors, a text screen, into the text memory.
FROM_DISK = """
    b8 00 b8    mov ax, 0b800h
    8e c0       mov es, ax
    31 db       xor bx, bx
    b8 08 02    mov ax, 0208h       ; read eight sectors
    b9 02 00    mov cx, 2           ; cylinder 0, from sector 2 on
    b6 00       mov dh, 0           ; head 0 of the disk that it has started from
    cd 13       int 13h
"""

MOVE_CURSOR = """
    b4 02       mov ah, 2
    ba {column:02x} {line:02x}    mov dx, …
    b7 00       mov bh, 0
    cd 10       int 10h
"""


def assemble(text: str) -> bytes:
    """The bytes of a listing. `<name` is the way to a label as one byte, `<<name` as two."""
    code, labels, ways = bytearray(), {}, []
    for line in text.splitlines():
        if label := re.fullmatch(r"\s*(\w+):", line):
            labels[label[1]] = len(code)
            continue
        # Two spaces part the bytes from the instruction.
        for word in line.strip().partition("  ")[0].split():
            if word.startswith("<"):
                size, name = word.count("<"), word.lstrip("<")
                ways.append((len(code), size, name))
                code += bytes(size)
            else:
                code.append(int(word, 16))
    for place, size, name in ways:
        # Counted from the instruction after it.
        code[place : place + size] = (labels[name] - place - size).to_bytes(size, "little", signed=True)
    return bytes(code)


def boot_sector(text: str) -> bytes:
    """A sector that a BIOS starts: the mark at its end says so."""
    code = assemble(text)
    if len(code) > SECTOR - 2:
        raise ValueError(f"{len(code)} bytes of code do not fit")
    return code.ljust(SECTOR - 2, b"\0") + b"\x55\xaa"


def echo() -> bytes:
    """A disk whose guest shows what is typed."""
    return boot_sector(TEXT_MODE + NO_CURSOR + READY + ECHO)


def scancodes() -> bytes:
    """A disk whose guest shows scancodes (set 1, as a PC's keyboard controller gives them)."""
    return boot_sector(NO_INTERRUPTS + TEXT_MODE + NO_CURSOR + READY + SCANCODES)


def picture(lines: list[list[tuple[str, int]]]) -> bytes:
    """A disk whose guest shows lines of (text, colours), and what is typed behind them. Code page 437."""
    page = bytearray()
    for line in lines:
        cells = bytearray()
        for text, colours in line:
            for character in text.encode("cp437"):
                cells += bytes((character, colours))
        if len(cells) > COLUMNS * 2:
            raise ValueError(f"longer than a line: {line}")
        page += cells + b" \x07" * (COLUMNS - len(cells) // 2)
    page += b" \x07" * (COLUMNS * (LINES - len(lines)))
    column = sum(len(text) for text, _ in lines[-1])
    code = TEXT_MODE + FROM_DISK + MOVE_CURSOR.format(column=column, line=len(lines) - 1) + READY + ECHO
    return boot_sector(code) + bytes(page).ljust(8 * SECTOR, b"\0")
