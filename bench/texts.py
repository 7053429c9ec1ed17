"""The texts that are measured with: about 200 bytes each, all different, the same at every run."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec

WORDS = """
the a of to in and is was it that for on with as at by this are from or had an they which one
were all we there can when up use your how said if do will each about many then them would like
so these her long make thing see him two has look more day could go come did number sound no
most people my over
""".split()  # noqa: SIM905
CLASSES = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
GOOD = b'{"classification":[{"label":"good"}]}'
BAD = b'{"classification":[{"label":"bad"}]}'


def write_rows(file: Path, count: int, prefix: str = "row") -> None:
    """Write `count` rows of JSON lines: `{"unique_id", "text"}`."""
    chooser = random.Random(20)
    encode = msgspec.json.Encoder().encode
    with file.open("wb") as rows:
        for number in range(count):
            text = " ".join(chooser.choices(WORDS, k=44))
            rows.write(encode({"unique_id": f"{prefix}-{number}", "text": text}) + b"\n")
