"""One service's trouble stays its own: only it answers 503, with Retry-After; labelling elsewhere goes on."""

from __future__ import annotations

import time

import pytest
from bench.label_loop import LabelLoop
from bench.texts import BAD, GOOD

from acceptance.isolation import trouble
from acceptance.isolation.conftest import Ward

pytestmark = pytest.mark.alone

TEXTS = 3_000
LABELS = 60
SICK_SECONDS_MAX = 5.0
WELL_SECONDS_MAX = 40.0
PATHS = {
    "platform": "/v1/me",
    "text": "/v1/text/assignments",
    "image": "/v1/image/assignments",
    "video": "/v1/video/assignments",
}


@pytest.fixture(autouse=True)
def well_before_and_after(ward: Ward) -> None:
    """Each test begins when everything answers."""
    trouble.until(lambda: all(answers(ward, name) for name in PATHS), WELL_SECONDS_MAX, "everything answers")


def answers(ward: Ward, name: str) -> bool:
    reply = trouble.ask(ward.stand, PATHS[name])
    return reply is not None and reply.status == 200


def is_refused(ward: Ward, name: str) -> bool:
    """Whether the edge answers 503 for the service, with all that a caller needs to know."""
    reply = trouble.ask(ward.stand, PATHS[name], 1.0)
    if reply is None or reply.status != 503:
        return False
    head = reply.head.lower()
    assert b"\r\nretry-after: " in head and b"application/problem+json" in head, reply
    assert b'"retryable": true' in reply.body or b'"retryable":true' in reply.body, reply
    return True


def assert_others_answer(ward: Ward, sick: str) -> None:
    assert [name for name in PATHS if name != sick and not answers(ward, name)] == []


def label_texts(ward: Ward) -> None:
    """Every member labels; any answer that is not a label fails."""
    loop = LabelLoop(ward.stand.address, ward.people, "text", ward.texts, (GOOD, BAD), claim_next=False)
    measured = loop.run(30.0, LABELS)
    loop.close()
    assert measured.labels >= LABELS


def test_a_validator_that_never_ends_takes_only_video_down(ward: Ward) -> None:
    with trouble.hung(ward.stand, ward.clips, ward.clip_token) as since:
        trouble.until(lambda: is_refused(ward, "video"), SICK_SECONDS_MAX + 3, "the edge refuses video")
        assert time.monotonic() - since < SICK_SECONDS_MAX
        label_texts(ward)
        assert_others_answer(ward, "video")
        first = ward.stand.pid("video")
        trouble.until(lambda: ward.stand.pid("video") not in (0, first), WELL_SECONDS_MAX, "it is restarted")


def test_video_killed_again_and_again(ward: Ward) -> None:
    with trouble.killed(ward.stand, "video"):
        trouble.until(lambda: is_refused(ward, "video"), SICK_SECONDS_MAX, "the edge refuses video")
        label_texts(ward)
        assert_others_answer(ward, "video")


def test_video_flooded(ward: Ward) -> None:
    with trouble.flooded(ward.stand, ward.flood, ward.flood_token):
        label_texts(ward)
        assert_others_answer(ward, "video")


def test_platform_down_and_people_go_on_labelling(ward: Ward) -> None:
    with trouble.stopped(ward.stand, "platform"):
        trouble.until(lambda: is_refused(ward, "platform"), SICK_SECONDS_MAX, "the edge refuses the platform")
        label_texts(ward)
        assert_others_answer(ward, "platform")
