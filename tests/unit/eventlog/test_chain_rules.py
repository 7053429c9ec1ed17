"""Merkle roots, inclusion proofs and leaves, against the definition of the RFC and every other answer."""

from __future__ import annotations

from uuid import UUID

import msgspec
from blake3 import blake3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from annotary.eventlog.chain import rules
from annotary.eventlog.chain.values import Proof, StoredEvent

hashes = st.binary(min_size=32, max_size=32)
trees = st.lists(hashes, min_size=1, max_size=70)
events = st.builds(
    StoredEvent,
    sequence=st.integers(1, 2**62),
    organisation_id=st.uuids(),
    type=st.text("abcdefg._é", max_size=30),
    schema_version=st.integers(0, 32767),
    subject_id=st.uuids(),
    actor_id=st.none() | st.uuids(),
    occurred_us=st.integers(-(2**62), 2**62),
    data=st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    traceparent=st.none() | st.from_regex(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", fullmatch=True),
)


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1: split at the largest power of two below the number of leaves."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = root_by_definition(leaves[:split]), root_by_definition(leaves[split:])
    return blake3(b"\1" + left + right).digest()


@given(trees)
def test_the_root_is_that_of_the_rfc(leaves: list[bytes]) -> None:
    assert rules.root_of(leaves) == root_by_definition(leaves)


@given(trees, st.data())
def test_a_path_proves_its_leaf_at_its_place_and_nothing_else(
    leaves: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root = rules.path_to(leaves, index), rules.root_of(leaves)
    assert rules.root_from_path(leaves[index], index, len(leaves), path) == root
    other = data.draw(st.integers(-1, len(leaves) + 1).filter(lambda place: place != index))
    if len(set(leaves)) == len(leaves):
        assert rules.root_from_path(leaves[index], other, len(leaves), path) != root
    assert rules.root_from_path(leaves[index], index, len(leaves), [*path, leaves[0]]) != root
    if path:
        assert rules.root_from_path(leaves[index], index, len(leaves), path[:-1]) != root


@given(events)
def test_what_is_hashed_of_an_event_gives_it_back(event: StoredEvent) -> None:
    assert rules.unpack(rules.pack(event)) == event


@given(events, events)
def test_other_events_have_other_leaves(one: StoredEvent, other: StoredEvent) -> None:
    assert (rules.pack(one) == rules.pack(other)) == (one == other)


def a_proof() -> Proof:
    """Return a proof as the log gives it, for the third of five events."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes_raw()
    event = StoredEvent(3, UUID(int=1), "task.done", 1, UUID(int=2), None, 0, '{"answers": 1}')
    leaves = [bytes([n]) * 32 for n in range(5)]
    leaves[2] = rules.leaf_of(rules.pack(event))
    said = {"kind": "annotary segment", "service": "text", "events": 5, "key": rules.key_id(public)}
    statement = msgspec.json.encode(said | {"root": rules.root_of(leaves).hex()})
    return Proof(
        service="text",
        event=event,
        leaf=leaves[2].hex(),
        index=2,
        size=5,
        path=[one.hex() for one in rules.path_to(leaves, 2)],
        statement=statement.decode(),
        signature=key.sign(statement).hex(),
        key=rules.key_id(public),
        public_key=public.hex(),
    )


def test_a_proof_holds() -> None:
    proof = a_proof()
    assert rules.check(proof) is None
    assert rules.check(proof, bytes.fromhex(proof.public_key)) is None


@given(st.data())
def test_a_proof_of_which_anything_is_changed_does_not_hold(data: st.DataObject) -> None:
    proof = msgspec.to_builtins(a_proof())
    name = data.draw(
        st.sampled_from(["service", "leaf", "index", "size", "path", "statement", "signature", "key"])
    )
    if name in ("index", "size"):
        proof[name] += data.draw(st.integers(-3, 3).filter(bool))
    elif name == "path":
        proof[name].pop(data.draw(st.integers(0, len(proof[name]) - 1)))
    else:
        at = data.draw(st.integers(0, len(proof[name]) - 1))
        proof[name] = proof[name][:at] + ("0" if proof[name][at] != "0" else "1") + proof[name][at + 1 :]
    assert rules.check(msgspec.convert(proof, Proof)) is not None


def test_a_proof_by_another_key_does_not_hold_for_who_knows_the_right_one() -> None:
    assert rules.check(a_proof(), bytes(32)) is not None
    changed = msgspec.structs.replace(a_proof().event, data='{"answers": 2}')
    assert rules.check(msgspec.structs.replace(a_proof(), event=changed)) is not None
