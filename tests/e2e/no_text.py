"""Pictures that hold no text of a console, some of which look a little like it: cells, stripes, letters of other kinds."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

from packages import unpacked
from PIL import Image, ImageDraw, ImageFont, ImageOps

Named = tuple[str, Image.Image]

SIZES = [(720, 400), (1024, 768), (1280, 800), (640, 480)]

WORDS = "File Edit View Insert Format Tools Window Help Documents Recycle Bin Settings Network System OK Cancel Apply Save".split()


def size_of(number: int) -> tuple[int, int]:
    """One of the sizes, in turn."""
    return SIZES[number % len(SIZES)]


def colour(chance: random.Random) -> tuple[int, int, int]:
    """Any."""
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


def gradients(chance: random.Random) -> Iterator[Named]:
    """Linear in several directions, and radial."""
    for number in range(12):
        plain = Image.radial_gradient("L") if number % 3 == 2 else Image.linear_gradient("L").rotate(30 * number)
        yield f"gradient {number}", ImageOps.colorize(plain.resize(size_of(number)), colour(chance), colour(chance))


def noise(chance: random.Random) -> Iterator[Named]:
    """Grey, coloured, and of two colours in blocks: of a pixel, of several, of the size of a cell."""
    for number, block in enumerate([(1, 1), (2, 2), (4, 4), (8, 8), (8, 16), (9, 16), (16, 32), (3, 5)]):
        width, height = size_of(number)
        small = Image.effect_noise((width // block[0] + 1, height // block[1] + 1), 60)
        coarse = small.resize((width, height), Image.Resampling.NEAREST)
        yield f"noise in blocks of {block}", coarse.convert("RGB")
        black_and_white = coarse.point(lambda value: 255 * (value > 128))
        yield f"two colours in blocks of {block}", ImageOps.colorize(black_and_white, colour(chance), colour(chance))


def patterns(chance: random.Random) -> Iterator[Named]:
    """Chessboards, stripes, rings and dots."""
    for number, step in enumerate([1, 2, 5, 8, 16]):
        image = Image.new("RGB", size_of(number), colour(chance))
        draw, ink = ImageDraw.Draw(image), colour(chance)
        for y in range(0, image.height, step):
            for x in range(y // step % 2 * step, image.width, 2 * step):
                draw.rectangle((x, y, x + step - 1, y + step - 1), ink)
        yield f"chessboard of {step}", image
    for number, step in enumerate([3, 7, 16]):
        image = Image.new("RGB", size_of(number), "white")
        draw = ImageDraw.Draw(image)
        for at in range(0, image.width + image.height, step):
            draw.line((at, 0, at - image.height, image.height), colour(chance))
        yield f"stripes of {step}", image
    for number, step in enumerate([6, 24]):
        image = Image.new("RGB", size_of(number), "black")
        draw = ImageDraw.Draw(image)
        for radius in range(step, image.width, step):
            draw.ellipse((400 - radius, 300 - radius, 400 + radius, 300 + radius), outline=colour(chance))
        yield f"rings of {step}", image


def fractals() -> Iterator[Named]:
    """Of few colours, with fine detail."""
    for number, quality in enumerate([3, 7, 20, 60]):
        yield f"fractal {quality}", Image.effect_mandelbrot(size_of(number), (-2.2, -1.2, 1, 1.2), quality).convert("RGB")


def codes(chance: random.Random) -> Iterator[Named]:
    """Squares as in a QR code, and bars."""
    for number, step in enumerate([4, 8, 11]):
        image = Image.new("RGB", size_of(number), "white")
        draw = ImageDraw.Draw(image)
        for y in range(40, 40 + 33 * step, step):
            for x in range(60, 60 + 33 * step, step):
                if chance.random() < 0.5:
                    draw.rectangle((x, y, x + step - 1, y + step - 1), "black")
        for x in range(400, 600, 2):
            if chance.random() < 0.5:
                draw.rectangle((x, 40, x + 1, 120), "black")
        yield f"code {step}", image


def charts(chance: random.Random) -> Iterator[Named]:
    """Axes, curves and bars with labels."""
    for number in range(8):
        image = Image.new("RGB", size_of(number), "white" if number % 2 else "#202428")
        draw, ink = ImageDraw.Draw(image), "black" if number % 2 else "white"
        draw.line((40, 20, 40, image.height - 40, image.width - 20, image.height - 40), ink)
        for curve in range(3):
            places = range(40, image.width - 20, 4)
            draw.line([(x, image.height / 2 + 90 * math.sin(x / (30 + 20 * curve + number))) for x in places], colour(chance), 2)
        for bar in range(10):
            top = image.height - 40 - chance.randrange(20, 200)
            draw.rectangle((60 + 50 * bar, top, 85 + 50 * bar, image.height - 41), colour(chance))
            draw.text((60 + 50 * bar, image.height - 34), str(chance.randrange(1000)), ink, ImageFont.load_default(12))
        yield f"chart {number}", image


def photographs() -> Iterator[Named]:
    """Parts of two photographs, also grey, in few colours and dithered to black and white."""
    directory = unpacked("python3-sklearn", "./usr/lib/python3/dist-packages/sklearn/datasets/images/*")
    for file in sorted(directory.rglob("*.jpg")):
        with Image.open(file) as opened:
            whole = opened.convert("RGB")
        for number in range(3):
            part = ImageOps.fit(whole.crop((90 * number, 60 * number, whole.width, whole.height)), size_of(number))
            yield f"{file.stem} {number}", part
            yield f"{file.stem} {number}, grey", ImageOps.grayscale(part).convert("RGB")
            yield f"{file.stem} {number}, in few colours", ImageOps.posterize(part, 1)
            yield f"{file.stem} {number}, dithered", part.convert("1").convert("RGB")


def desktop(chance: random.Random, behind: Image.Image) -> Image.Image:
    """Windows, icons and a bar, with letters as desktops draw them."""
    image = behind.copy()
    draw = ImageDraw.Draw(image)
    for _ in range(chance.randrange(1, 5)):
        left, top = chance.randrange(image.width // 2), chance.randrange(image.height // 2)
        right, bottom = left + chance.randrange(200, image.width // 2), top + chance.randrange(120, image.height // 2)
        draw.rectangle((left, top, right, bottom), "#f4f4f4", "#404040")
        draw.rectangle((left, top, right, top + 22), colour(chance))
        for y in range(top + 30, bottom - 16, chance.randrange(15, 24)):
            text = " ".join(chance.choices(WORDS, k=max((right - left) // 70, 1)))
            draw.text((left + 10, y), text, "#202020", ImageFont.load_default(chance.choice((10, 11, 12, 13))))
    for icon in range(6):
        draw.rounded_rectangle((20, 20 + 70 * icon, 52, 52 + 70 * icon), 6, colour(chance))
        draw.text((14, 55 + 70 * icon), WORDS[icon], "white", ImageFont.load_default(10))
    draw.rectangle((0, image.height - 32, image.width, image.height), "#101820")
    time = f"{chance.randrange(24)}:{chance.randrange(10, 60)}"
    draw.text((image.width - 60, image.height - 24), time, "white", ImageFont.load_default(12))
    return image


def pictures() -> list[Named]:
    """All of them, each time the same but for some of the noise."""
    chance = random.Random(3)
    plain = [*gradients(chance), *noise(chance), *patterns(chance), *fractals(), *codes(chance), *charts(chance), *photographs()]
    backgrounds = [image for name, image in plain if name.startswith(("gradient", "china", "flower"))]
    return plain + [(f"desktop {number}", desktop(chance, backgrounds[number % len(backgrounds)])) for number in range(24)]
