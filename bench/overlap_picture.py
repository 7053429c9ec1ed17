"""Draws docs/pictures/dynamic-overlap.svg from what `python -m bench overlap` found.

python -m bench.overlap_picture
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from bench.report import RESULTS, ROOT

PICTURE = ROOT / "docs" / "pictures" / "dynamic-overlap.svg"
WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 220, 52, 44, 70
COLOURS = {"fixed": "#888888", "confidence": "#1f77b4", "budget": "#d62728", "paused": "#2ca02c"}
NAMES = {
    "fixed": "fixed overlap",
    "confidence": "target: confidence",
    "budget": "target: budget",
    "paused": "budget, the worst paused",
}
Points = Sequence[tuple[float, float]]


def main() -> None:
    """Draw the picture."""
    found = msgspec.json.decode((RESULTS / "overlap.json").read_bytes())["details"]
    total = LEFT + len(found) * (WIDTH + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {TOP + HEIGHT + 84}"'
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for number, (name, curve) in enumerate(found.items()):
        parts += _panel(name, curve, LEFT + number * (WIDTH + GAP))
    parts += [*_legend(LEFT, TOP + HEIGHT + 66), "</svg>"]
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text("\n".join(parts) + "\n")


def _panel(name: str, curve: dict[str, Any], left: float) -> list[str]:
    """Return one set's curves: accuracy by the share of the answers that was used."""
    lines = {kind: [(one["share"], one["accuracy"]) for one in curve[kind]] for kind in COLOURS}
    values = [y for points in lines.values() for _, y in points] + [curve["all"]]
    low, high = min(values) - 0.01, max(values) + 0.01

    def place(x: float, y: float) -> str:
        return f"{left + x * WIDTH:.1f},{TOP + (high - y) / (high - low) * HEIGHT:.1f}"

    parts = [
        f'<text x="{left + WIDTH / 2}" y="{TOP - 14}" text-anchor="middle" font-size="14">{name}</text>',
        f'<rect x="{left}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#bbbbbb"/>',
        f'<text x="{left + WIDTH / 2}" y="{TOP + HEIGHT + 36}" text-anchor="middle">share used</text>',
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = left + share * WIDTH
        parts.append(f'<text x="{x}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{share:g}</text>')
    for value in (low + 0.01, (low + high) / 2, high - 0.01):
        edge, y = place(0, value).split(",")
        parts.append(f'<text x="{float(edge) - 6}" y="{float(y) + 4}" text-anchor="end">{value:.3f}</text>')
    level = f'<polyline points="{place(0, curve["all"])} {place(1, curve["all"])}"'
    parts.append(f'{level} fill="none" stroke="#bbbbbb" stroke-dasharray="4 3"/>')
    for kind, colour in COLOURS.items():
        for one in curve[kind]:
            ends = [place(one["share"], one["accuracy"] + side * one["interval"]) for side in (-1, 1)]
            parts.append(f'<polyline points="{" ".join(ends)}" stroke="{colour}"/>')
    for kind, points in lines.items():
        parts += _line(" ".join(place(*point) for point in points), COLOURS[kind])
    return parts


def _line(places: str, colour: str) -> list[str]:
    dots = [place.split(",") for place in places.split()]
    return [
        f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in dots),
    ]


def _legend(left: float, y: float) -> list[str]:
    parts = []
    for number, (kind, colour) in enumerate(COLOURS.items()):
        x = left + 190 * number
        parts.append(f'<line x1="{x}" y1="{y}" x2="{x + 26}" y2="{y}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 34}" y="{y + 4}">{NAMES[kind]}</text>')
    x = left + 190 * len(COLOURS)
    dashed = 'stroke="#bbbbbb" stroke-dasharray="4 3"'
    parts.append(f'<line x1="{x}" y1="{y}" x2="{x + 26}" y2="{y}" {dashed}/>')
    parts.append(f'<text x="{x + 34}" y="{y + 4}">all answers</text>')
    return parts


if __name__ == "__main__":
    main()
