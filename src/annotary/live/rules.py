"""Topics by name, who may hear them, what of them, and what waits for one client. Pure."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict, deque
from collections.abc import Sequence

import msgspec
from blake3 import blake3

from annotary.eventlog.values import Position
from annotary.identity.errors import UnknownProject
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.kernel.errors import Malformed, NotFound
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.limits import LIVE_MESSAGES_WAITING_MAX, LIVE_NOTICES_KEPT_MAX
from annotary.live.values import Found, Gap, PresenceState, ProjectState, Told, Topic, TopicKind
from annotary.quality.gold.rules import round_numbers

_SUBJECTS: dict[TopicKind, str] = {"project": "project", "task": "assignment", "presence": "project"}
_NONCE_BYTES, _PLACE_BYTES = 8, 16
encode = msgspec.json.Encoder().encode


class UnknownTopic(NotFound):
    """There is no such topic here, or it is not the member's."""


def topic_of(text: str, caller: Caller) -> Topic:
    """Return the topic of this name: `me`, `project:prj_…`, `task:asg_…` or `presence:prj_…`."""
    if text == "me":
        return Topic("me", caller.member_id)
    head, _, subject = text.partition(":")
    for kind, noun in _SUBJECTS.items():
        if head == kind:
            return Topic(kind, parse_id(noun, subject))
    raise UnknownTopic(f"{text!r} is no topic: expected me, project:…, task:… or presence:….")


def name_of(topic: Topic) -> str:
    """Return what clients call a topic."""
    if topic.kind == "me":
        return "me"
    return f"{topic.kind}:{format_id(_SUBJECTS[topic.kind], topic.subject)}"


def admit(caller: Caller, topic: Topic, found: Found | None) -> Role:
    """Return the role in which the caller hears a topic; NotFound when it is not theirs to hear.

    A task is heard by who was given it, a project by who may see it.
    """
    if topic.kind == "me":
        if topic.subject != caller.member_id:
            raise UnknownTopic
        return caller.role
    if found is None or found.project_id is None:
        raise UnknownProject if topic.kind != "task" else UnknownTopic
    role = access_project(caller, found.project_id, found.organisation_id, Role.ANNOTATOR)
    if found.member_id is not None and found.member_id != caller.member_id:
        raise UnknownTopic
    return role


def shown(found: Found, role: Role) -> bytes:
    """Return the state as somebody in this role hears it.

    Annotators hear counts in round numbers (an exact one would give gold away), and of others only how many
    there are: their answers are to be independent.
    """
    data = found.data
    if role < Role.REVIEWER:
        if isinstance(data, ProjectState) and data.progress is not None:
            data = msgspec.structs.replace(data, progress=round_numbers(data.progress))
        elif isinstance(data, PresenceState):
            data = PresenceState(data.count, ())
    return encode(data)


class Seal:
    """Makes places in the log unreadable: how far the log moved by somebody's answer would give gold away.

    A place is hidden under a pad that BLAKE3 makes of a fresh nonce and the key; every process with the key
    reads what another one wrote. A forged place shows its forger nothing but their own notices.
    """

    def __init__(self, key: bytes) -> None:
        self._key = blake3(key, derive_key_context="annotary live seq").digest()

    def seq_of(self, position: Position) -> str:
        """Return a place in the log as clients send it back."""
        nonce = os.urandom(_NONCE_BYTES)
        place = position.transaction_id << 64 | position.sequence
        return urlsafe_b64encode(nonce + (place ^ self._pad(nonce)).to_bytes(_PLACE_BYTES)).decode()

    def position_of(self, seq: str) -> Position:
        """Return the place in the log that a client sent back; raises Malformed."""
        try:
            data = urlsafe_b64decode(seq.encode("ascii"))
        except ValueError:
            data = b""
        if len(data) != _NONCE_BYTES + _PLACE_BYTES:
            raise Malformed(f"since: found {seq!r}, expected the seq of a message.")
        place = int.from_bytes(data[_NONCE_BYTES:]) ^ self._pad(data[:_NONCE_BYTES])
        return Position(place >> 64, place & (1 << 64) - 1)

    def _pad(self, nonce: bytes) -> int:
        return int.from_bytes(blake3(nonce, key=self._key).digest(_PLACE_BYTES))


class Waiting:
    """What waits to be sent to one client, in order, so many messages at the most.

    A state takes the place of an older one of its topic; when there are too many the oldest message goes, and
    a gap is told in its stead.
    """

    def __init__(self, messages_max: int = LIVE_MESSAGES_WAITING_MAX) -> None:
        self._messages: OrderedDict[object, tuple[str, bytes]] = OrderedDict()
        self._gaps: dict[str, None] = {}
        self._max = messages_max
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._messages) + len(self._gaps)

    def put(self, topic: str, message: bytes, *, replaces: bool = False) -> None:
        """Add a message; one that `replaces` leaves no older one of its topic that does so too."""
        key: object = topic if replaces else object()
        self._messages.pop(key, None)
        self._messages[key] = topic, message
        if len(self._messages) > self._max:
            _, (lost, _) = self._messages.popitem(last=False)
            self.dropped += 1
            self.tell_gap(lost)

    def tell_gap(self, topic: str) -> None:
        """Say, before all else, that messages of a topic were lost."""
        self._gaps[topic] = None

    def forget(self, topic: str) -> None:
        """Drop what waits of a topic."""
        self._gaps.pop(topic, None)
        for key in [key for key, (about, _) in self._messages.items() if about == topic]:
            del self._messages[key]

    def take(self) -> bytes | None:
        """Return the next message to send, or None."""
        if self._gaps:
            topic = next(iter(self._gaps))
            del self._gaps[topic]
            return encode(Gap(topic))
        return self._messages.popitem(last=False)[1][1] if self._messages else None


class Ring:
    """The last notices of a topic. `floor`: those at and before it are not known."""

    def __init__(self, floor: Position, notices_max: int = LIVE_NOTICES_KEPT_MAX) -> None:
        self.floor = floor
        self._kept: deque[Told] = deque()
        self._max = notices_max

    def add(self, notice: Told) -> None:
        """Keep a notice; the oldest goes when there are too many."""
        self._kept.append(notice)
        if len(self._kept) > self._max:
            self.floor = self._kept.popleft().position

    def after(self, since: Position) -> Sequence[Told] | None:
        """Return the notices after a place in the log; None when some of them are not known any more."""
        if since < self.floor:
            return None
        return [one for one in self._kept if one.position > since]
