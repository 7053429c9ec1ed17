"""A label type for tests whose check never ends: a fault in a validator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotary.modalities.label_type import Check
from annotary.modalities.video.segments import LABEL_TYPE as SEGMENTS


def _compile(*_: Any) -> Check:
    def check(value: Any, item: Any) -> Any:
        while True:
            pass

    return check


LABEL_TYPE = replace(SEGMENTS, name="endless", compile=_compile)
