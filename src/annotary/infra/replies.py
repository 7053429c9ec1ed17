"""What a reply's code says when one route both makes things and finds them there."""

from __future__ import annotations

from typing import ClassVar


class Found:
    """What was to be made was there already: the reply is 200, not 201."""

    status_override: ClassVar[int] = 200


class Made:
    """What was to be changed was made: the reply is 201, not 200."""

    status_override: ClassVar[int] = 201
