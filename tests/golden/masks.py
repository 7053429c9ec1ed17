"""Makes rle.json: masks as COCO's reference implementation (pycocotools) writes and measures them."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

_SEED = 20_261_124
_DRAWN_PIXELS_MAX = 400
Pixels = NDArray[np.uint8]


def rle() -> dict[str, Any]:
    """Return the whole document."""
    masks = _masks(random.Random(_SEED))
    return {
        "about": "`size` is [height, width]; `counts` are runs outside and inside in turn, column by column "
        "from the top left; `text` is COCO's compressed form; `rows` draws small masks, # inside; `box` is "
        "[x, y, width, height]. `pairs` name masks by their place. Written by pycocotools through "
        "tests/golden/masks.py.",
        "tolerance": 1e-12,
        "masks": [_described(pixels) for pixels in masks],
        "pairs": [
            _pair(i, j, masks)
            for i in range(len(masks))
            for j in range(i + 1, len(masks))
            if _alike(i, j, masks)
        ],
    }


def _encoded(pixels: Pixels) -> dict[str, Any]:
    return dict(coco.encode(np.asfortranarray(pixels)))


def _described(pixels: Pixels) -> dict[str, Any]:
    encoded = _encoded(pixels)
    height, width = pixels.shape
    described: dict[str, Any] = {
        "size": [height, width],
        "counts": _counts(pixels),
        "text": encoded["counts"].decode("ascii"),
        "area": int(coco.area(encoded)),
        "box": [float(side) for side in coco.toBbox(encoded)],
    }
    if height * width <= _DRAWN_PIXELS_MAX:
        described["rows"] = ["".join("#" if pixel else "." for pixel in row) for row in pixels]
    return described


def _counts(pixels: Pixels) -> list[int]:
    """Return the run lengths, counted pixel by pixel: pycocotools shows only the compressed text."""
    counts, inside = [0], False
    for pixel in pixels.ravel(order="F").tolist():
        if bool(pixel) != inside:
            counts.append(0)
            inside = not inside
        counts[-1] += 1
    return counts


def _alike(i: int, j: int, masks: list[Pixels]) -> bool:
    return masks[i].shape == masks[j].shape


def _pair(i: int, j: int, masks: list[Pixels]) -> dict[str, Any]:
    ious = coco.iou([_encoded(masks[i])], [_encoded(masks[j])], [0])
    return {"first": i, "second": j, "iou": float(ious[0][0])}


def _masks(source: random.Random) -> list[Pixels]:
    whole, dot = np.ones((3, 5), np.uint8), np.zeros((3, 5), np.uint8)
    dot[1, 2] = 1
    corners = np.zeros((3, 5), np.uint8)
    corners[0, 0] = corners[2, 4] = 1
    board = np.indices((8, 9)).sum(axis=0).astype(np.uint8) % 2
    noise = [
        np.array([[source.random() < share for _ in range(14)] for _ in range(20)], np.uint8)
        for share in (0.1, 0.5, 0.9)
    ]
    # Runs long enough that the text needs several characters a number, and growing ones, which it writes as
    # differences of either sign.
    discs = [_disc(480, 640, 200, 200, 150), _disc(480, 640, 260, 230, 140), _disc(480, 640, 0, 479, 90)]
    stripes = np.zeros((2_000, 300), np.uint8)
    for column in range(300):
        stripes[: (column * column * 37) % 1_999 + 1, column] = column % 3 != 0
    return [np.ones((1, 1), np.uint8), whole, dot, corners, board, 1 - board, *noise, *discs, stripes]


def _disc(height: int, width: int, x: int, y: int, radius: int) -> Pixels:
    rows, columns = np.indices((height, width))
    return ((columns - x) ** 2 + (rows - y) ** 2 <= radius**2).astype(np.uint8)
