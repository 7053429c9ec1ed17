"""Opens videos of strangers. Runs only in the bounded child process, with the other video readers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from annotary.infra.bounded import Unreadable
from annotary.kernel.limits import VIDEO_FRAMES_MAX

if TYPE_CHECKING:
    from av.container import InputContainer

T = TypeVar("T")
# No playlists and no scripts: a file may not make the reader open another one.
VIDEO_OPTIONS = {
    "format_whitelist": "mov,matroska,avi,mpegts,mpeg,ogg,flv,asf,mpegvideo,h264,hevc,ivf,gif",
    "protocol_whitelist": "none",
}


def opened(raw: io.RawIOBase) -> InputContainer:
    """Return the container of a file, from its beginning; it says nothing on standard error."""
    import av

    av.logging.set_level(None)
    # A reader of its own: a buffered one closes what it reads from when it goes.
    own = io.FileIO(raw.fileno(), closefd=False)
    own.seek(0)
    return av.open(io.BufferedReader(own), "r", options=VIDEO_OPTIONS)


def limited(things: Iterable[T]) -> Iterator[T]:
    """Yield packets or frames, no more than a video may have."""
    for number, thing in enumerate(things):
        if number > VIDEO_FRAMES_MAX:
            raise Unreadable(path="/", found="more frames", expected=f"at most {VIDEO_FRAMES_MAX} frames")
        yield thing
