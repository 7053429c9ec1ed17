"""Little landscapes drawn from a seed, still or moving: what stands in them, and where, is known exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
# Drawn larger and made smaller, so that edges are smooth.
FINER = 2
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((120, 182, 232), (232, 243, 250)),
    ((250, 176, 128), (253, 231, 205)),
    ((70, 88, 140), (196, 178, 204)),
    ((150, 168, 180), (222, 227, 230)),
)
HILLS: tuple[tuple[Colour, Colour], ...] = (
    ((142, 180, 122), (104, 152, 92)),
    ((176, 168, 104), (140, 132, 74)),
    ((128, 164, 150), (88, 130, 116)),
)
WALLS: tuple[Colour, ...] = ((236, 222, 196), (214, 150, 120), (200, 210, 220), (240, 240, 232))
ROOFS: tuple[Colour, ...] = ((164, 74, 60), (96, 84, 92), (120, 60, 70))
LEAVES: tuple[Colour, ...] = ((58, 120, 66), (84, 140, 60), (44, 98, 78))
PAINTS: tuple[Colour, ...] = ((206, 62, 54), (48, 104, 176), (240, 184, 60), (70, 150, 120), (240, 240, 240))
DARK: Colour = (54, 52, 60)


class Thing(msgspec.Struct, frozen=True):
    """Something in a picture: its label, where it is in the first frame, and how far it goes in each."""

    label: str
    x: float
    y: float
    width: float
    height: float
    colours: tuple[Colour, Colour]
    step_x: float = 0.0
    step_y: float = 0.0

    def box(self, frame: int) -> Box:
        """Return left, top, right and bottom in a frame."""
        x, y = self.x + frame * self.step_x, self.y + frame * self.step_y
        return x, y, x + self.width, y + self.height


class Landscape(msgspec.Struct, frozen=True):
    """A picture's size in pixels, the colours of its ground, and what stands in it."""

    width: int
    height: int
    sky: tuple[Colour, Colour]
    hills: tuple[Colour, Colour]
    swell: float
    things: tuple[Thing, ...]


def landscape(seed: str, width: int, height: int, *, frames: int = 1) -> Landscape:
    """Return a landscape; over several frames its cars and balloons move, and stay inside it."""
    random = Random(seed)
    unit, road = height / 10, height * 0.86
    things = []
    slots = random.sample(range(5), random.randint(2, 4))
    for slot in sorted(slots):
        middle, foot = (slot + 0.5) * width / 5, height * random.uniform(0.66, 0.74)
        if random.random() < 0.5:
            wide, high = unit * random.uniform(1.7, 2.3), unit * random.uniform(1.9, 2.6)
            colours = random.choice(WALLS), random.choice(ROOFS)
            things.append(Thing("house", middle - wide / 2, foot - high, wide, high, colours))
        else:
            wide, high = unit * random.uniform(1.2, 1.7), unit * random.uniform(2.0, 3.0)
            colours = random.choice(LEAVES), (110, 82, 60)
            things.append(Thing("tree", middle - wide / 2, foot - high, wide, high, colours))
    for number in range(random.randint(1, 2)):
        wide, high = unit * 2.2, unit * 1.1
        x = width * (0.06 + 0.48 * number) + random.uniform(0, width * 0.15)
        step = random.uniform(0.6, 1.0) * (width - wide - x) / frames if frames > 1 else 0.0
        colours = random.choice(PAINTS), DARK
        things.append(Thing("car", x, road - high * 0.5, wide, high, colours, step_x=step))
    if random.random() < 0.6:
        wide, high = unit * 1.2, unit * 1.8
        x, y = random.uniform(width * 0.15, width * 0.75), random.uniform(unit * 1.2, unit * 2.4)
        rise = -random.uniform(0.4, 0.9) * y / frames if frames > 1 else 0.0
        colours = random.choice(PAINTS), random.choice(PAINTS)
        things.append(Thing("balloon", x, y, wide, high, colours, step_y=rise))
    swell = random.uniform(0, math.tau)
    return Landscape(width, height, random.choice(SKIES), random.choice(HILLS), swell, tuple(things))


def ground(scene: Landscape) -> Image:
    """Return the picture without its things, larger by `FINER`."""
    from PIL import Image, ImageDraw

    width, height = scene.width * FINER, scene.height * FINER
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        draw.line((0, y, width, y), fill=_between(*scene.sky, min(1.0, y / (height * 0.6))))
    for number, (colour, level) in enumerate(zip(scene.hills, (0.5, 0.62), strict=True)):
        ridge = [
            (x, height * (level + 0.06 * math.sin(scene.swell + 2 * number + 5 * x / width)))
            for x in range(0, width + FINER, FINER)
        ]
        draw.polygon([*ridge, (width, height), (0, height)], fill=colour)
    draw.rectangle((0, height * 0.82, width, height * 0.94), fill=(112, 112, 118))
    for x in range(0, width, width // 12):
        draw.rectangle((x, height * 0.875, x + width // 28, height * 0.885), fill=(226, 222, 206))
    return picture


def picture(scene: Landscape, under: Image, frame: int = 0) -> Image:
    """Return a frame: the things on the ground that `ground` made."""
    from PIL import ImageDraw

    whole = under.copy()
    draw = ImageDraw.Draw(whole)
    for thing in scene.things:
        left, top, right, bottom = (side * FINER for side in thing.box(frame))
        # The last pixel that is drawn is the one before the border.
        _PAINTERS[thing.label](draw, (left, top, right - 1, bottom - 1), thing.colours)
    return whole.reduce(FINER)


def save_clip(scene: Landscape, file: Path, frames: int, rate: int) -> None:
    """Write the landscape as a video of so many frames."""
    import av
    import numpy

    under = ground(scene)
    with av.open(str(file), "w", format="mp4") as container:
        stream = container.add_stream("h264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = scene.width, scene.height, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23", "g": str(rate)}
        stream.thread_count = 1
        for frame in range(frames):
            pixels = numpy.asarray(picture(scene, under, frame))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))


def boxes(scene: Landscape) -> list[dict[str, Any]]:
    """Return the boxes around the things of a still picture, as an answer has them."""
    return [{"label": thing.label, **_sides(thing, 0)} for thing in scene.things]


def tracks(scene: Landscape, frames: int, every: int) -> list[dict[str, Any]]:
    """Return the tracks of the things that move, with a keyframe so often and at the end."""
    numbers = sorted({*range(0, frames, every), frames - 1})
    moving = [thing for thing in scene.things if thing.step_x or thing.step_y]
    return [
        {
            "id": f"{number}",
            "label": thing.label,
            "keyframes": [{"frame": frame, **_sides(thing, frame)} for frame in numbers],
        }
        for number, thing in enumerate(moving, 1)
    ]


def _sides(thing: Thing, frame: int) -> dict[str, float]:
    left, top, _, _ = thing.box(frame)
    return {"x": round(left, 1), "y": round(top, 1), "width": thing.width, "height": thing.height}


def _between(first: Colour, last: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
    return red, green, blue


def _house(draw: ImageDraw, box: Box, colours: tuple[Colour, Colour]) -> None:
    left, top, right, bottom = box
    eaves, wide = top + (bottom - top) * 0.4, right - left
    draw.rectangle((left + wide * 0.06, eaves, right - wide * 0.06, bottom), fill=colours[0])
    draw.polygon(((left, eaves), ((left + right) / 2, top), (right, eaves)), fill=colours[1])
    for place, lit in ((0.16, (255, 226, 140)), (0.66, (150, 186, 210))):
        x, y, side = left + wide * place, eaves + wide * 0.1, wide * 0.18
        draw.rectangle((x, y, x + side, y + side), fill=lit)
    door = left + wide * 0.41
    draw.rectangle((door, bottom - wide * 0.36, door + wide * 0.18, bottom), fill=DARK)


def _tree(draw: ImageDraw, box: Box, colours: tuple[Colour, Colour]) -> None:
    left, top, right, bottom = box
    wide, middle = right - left, (left + right) / 2
    draw.rectangle(
        (middle - wide * 0.08, bottom - (bottom - top) * 0.4, middle + wide * 0.08, bottom), fill=colours[1]
    )
    draw.ellipse((left, top, right, bottom - (bottom - top) * 0.24), fill=colours[0])
    shine = _between(colours[0], (255, 255, 220), 0.18)
    draw.ellipse((left + wide * 0.16, top + wide * 0.12, left + wide * 0.62, top + wide * 0.6), fill=shine)


def _car(draw: ImageDraw, box: Box, colours: tuple[Colour, Colour]) -> None:
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    draw.rounded_rectangle(
        (left, top + high * 0.38, right, bottom - high * 0.18), high * 0.18, fill=colours[0]
    )
    draw.polygon(
        [
            (left + wide * at, top + high * down)
            for at, down in ((0.18, 0.42), (0.3, 0), (0.66, 0), (0.82, 0.42))
        ],
        fill=_between(colours[0], (196, 224, 240), 0.7),
    )
    for at in (0.14, 0.64):
        wheel = (left + wide * at, bottom - high * 0.42, left + wide * at + high * 0.42, bottom)
        draw.ellipse(wheel, fill=colours[1])


def _balloon(draw: ImageDraw, box: Box, colours: tuple[Colour, Colour]) -> None:
    left, top, right, bottom = box
    wide, high, middle = right - left, bottom - top, (left + right) / 2
    draw.ellipse((left, top, right, top + high * 0.7), fill=colours[0])
    draw.ellipse((left + wide * 0.3, top, right - wide * 0.3, top + high * 0.7), fill=colours[1])
    for at in (0.3, 0.7):
        draw.line(
            (left + wide * at, top + high * 0.62, middle, bottom - high * 0.1), fill=DARK, width=FINER // 2
        )
    draw.rectangle(
        (middle - wide * 0.16, bottom - high * 0.18, middle + wide * 0.16, bottom), fill=(128, 92, 60)
    )


_PAINTERS: dict[str, Callable[[ImageDraw, Box, tuple[Colour, Colour]], None]] = {
    "house": _house,
    "tree": _tree,
    "car": _car,
    "balloon": _balloon,
}
LABELS = tuple(_PAINTERS)
