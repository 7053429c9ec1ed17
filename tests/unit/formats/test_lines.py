"""However a file is cut into pieces, and wherever reading begins again, its lines are the same."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from annotary.formats.lines import LineChunk, LineCutter

LINE_BYTES_MAX = 12
lines_of = st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b".")), max_size=40)


def _chunks(data: bytes, cuts: list[int], **start: int) -> list[LineChunk]:
    cutter = LineCutter(rows_max=5, chunk_bytes_max=40, line_bytes_max=LINE_BYTES_MAX, **start)
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    found = []
    for begin, end in itertools.pairwise(places):
        found += cutter.feed(data[begin:end])
    return [*found, *cutter.finish()]


@given(lines_of, st.booleans(), st.lists(st.integers(0, 10_000), max_size=20))
def test_lines_are_the_same_however_the_file_is_cut(lines: list[bytes], ends: bool, cuts: list[int]) -> None:
    data = b"\n".join(lines) + (b"\n" if ends and lines else b"")
    expected = data.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    chunks = _chunks(data, cuts)
    seen = [line for chunk in chunks for line in chunk.lines]
    assert seen == [line if len(line) <= LINE_BYTES_MAX else b"" for line in expected]
    assert [chunk.number for chunk in chunks] == list(range(len(chunks)))
    assert sum(len(chunk.lines) for chunk in chunks[:-1]) + 1 == (chunks[-1].first if chunks else 1)
    assert not chunks or chunks[-1].end == len(data)
    too_long = {chunk.first + at: size for chunk in chunks for at, size in chunk.overlong.items()}
    assert too_long == {
        number: len(line) for number, line in enumerate(expected, 1) if len(line) > LINE_BYTES_MAX
    }


@given(lines_of, st.lists(st.integers(0, 10_000), max_size=20), st.data())
def test_reading_begins_again_behind_any_chunk(
    lines: list[bytes], cuts: list[int], data: st.DataObject
) -> None:
    file = b"\n".join(lines)
    chunks = _chunks(file, cuts)
    if not chunks:
        return
    at = data.draw(st.integers(0, len(chunks) - 1))
    done = chunks[at]
    rest = _chunks(
        file[done.end :], cuts, offset=done.end, line=done.first + len(done.lines), number=done.number + 1
    )
    assert [(c.first, c.lines, c.end) for c in rest] == [(c.first, c.lines, c.end) for c in chunks[at + 1 :]]
