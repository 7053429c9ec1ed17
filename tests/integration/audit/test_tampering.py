"""Whatever is changed in a log, its runs, segments or heads is found, wherever it is."""

from __future__ import annotations

import random

import pytest

from annotary.eventlog.chain.service import append_once
from annotary.eventlog.chain.service_heads import object_key
from annotary.eventlog.chain.service_keys import signing_key
from integration.audit.conftest import TRACEPARENT, Log
from integration.audit.tampering import change_a_bit, take_guards_away

EVENTS = 48
TRIALS, TRIALS_SOAK = 30, 1_000
# Each takes something from the record of a text service, or puts something there, in words of its own.
CHANGES = {
    "an event removed": "DELETE FROM events WHERE sequence = 7",
    "an event put in": "INSERT INTO events (transaction_id, organisation_id, type, subject_id, data)"
    " SELECT transaction_id, organisation_id, type, subject_id, data FROM events WHERE sequence = 7",
    "two events exchanged": "UPDATE events a SET data = b.data, type = b.type, subject_id = b.subject_id,"
    " organisation_id = b.organisation_id, actor_id = b.actor_id, occurred_at = b.occurred_at"
    " FROM events b WHERE (a.sequence, b.sequence) IN ((7, 9), (9, 7))",
    "two events in another order": "UPDATE event_runs r SET sequences = (SELECT array_agg(s ORDER BY n DESC)"
    " FROM unnest(sequences) WITH ORDINALITY AS u (s, n)), transaction_ids = (SELECT array_agg(s ORDER BY n"
    " DESC) FROM unnest(transaction_ids) WITH ORDINALITY AS u (s, n)) WHERE first = 0",
    "a run removed": "DELETE FROM event_runs WHERE first = 0",
    "a segment removed": "DELETE FROM event_segments WHERE number = 2",
    "the last segment removed": "DELETE FROM event_segments WHERE number = 3",
    "an actor erased": "UPDATE events SET actor_id = NULL WHERE sequence = 6",
    "a trace taken from events": "UPDATE events SET traceparent = NULL WHERE traceparent IS NOT NULL",
    "a trace put to events": f"UPDATE events SET traceparent = '{TRACEPARENT}' WHERE traceparent IS NULL",
    "what an event says erased": "UPDATE events SET data = '{\"redacted\":true}' WHERE sequence = 7",
    "all of it removed": "TRUNCATE events, event_runs, event_segments, chains",
    "the end cut off": "DELETE FROM events WHERE sequence > (SELECT max(s) FROM event_runs,"
    " unnest(sequences) s WHERE first = 0);"
    "DELETE FROM event_runs WHERE first > 0; DELETE FROM event_segments WHERE number > 1;"
    "UPDATE chains c SET events = s.events, link = s.link, sealed = s.events, segments = 1, segment_hash ="
    " (SELECT previous FROM cut_off WHERE organisation_id = c.organisation_id)"
    " FROM event_segments s WHERE s.organisation_id = c.organisation_id",
}


async def build(log: Log) -> None:
    """Write and seal three segments of both organisations; one more run is in no segment."""
    for _ in range(3):
        await log.write(EVENTS // 4)
        await log.write(3, log.platform)
        await log.chain()
    await log.write(EVENTS // 4)
    while await append_once(log.text):
        pass
    await take_guards_away(log.text)
    # What a forger would know as well: the hash of what the segments before the last ones state.
    await log.text.execute(
        "CREATE TABLE cut_off AS SELECT organisation_id, previous FROM event_segments WHERE number = 2"
    )


async def test_a_log_that_nobody_touched_verifies(log: Log) -> None:
    await build(log)
    report = await log.verify()
    assert report.first_bad is None and report.ok
    assert report.events == EVENTS + 9
    assert report.sealed_through == EVENTS * 3 // 4 + 9 and report.unsealed == EVENTS // 4
    assert report.heads > 2
    assert (await log.verify(log.key.public)).ok


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_is_found(log: Log, what: str) -> None:
    await build(log)
    await log.text.execute(CHANGES[what])
    report = await log.verify()
    assert not report.ok and report.first_bad is not None, what
    assert report.first_bad.stream.startswith("text"), report.first_bad
    if "erased" in what or what in ("an event removed", "two events exchanged"):
        assert report.first_bad.seq in (6, 7, 9), report.first_bad


async def trials(log: Log, count: int, seed: int) -> None:
    await build(log)
    chance = random.Random(seed)
    missed = []
    for _ in range(count):
        what, undo = await change_a_bit(log.text, chance)
        if (await log.verify()).ok:
            missed.append(what)
        await undo()
    assert missed == []
    assert (await log.verify()).ok


async def test_one_bit_anywhere_is_found(log: Log) -> None:
    await trials(log, TRIALS, 7)


@pytest.mark.parametrize("service", ["text", "platform"])
async def test_a_key_that_was_changed_in_one_service_is_found(log: Log, service: str) -> None:
    await build(log)
    # A bit turned over: a byte that is put there may be the one that was there.
    changed = "UPDATE chain_keys SET public_key = set_byte(public_key, 6, get_byte(public_key, 6) # 1)"
    await (log.text if service == "text" else log.platform).execute(changed)
    report = await log.verify()
    assert report.first_bad is not None and "public key" in report.first_bad.reason, report


@pytest.mark.soak
async def test_of_a_thousand_bits_all_are_found(log: Log) -> None:
    await trials(log, TRIALS_SOAK, 20261123)


@pytest.mark.parametrize("what", ["changed", "removed", "row removed", "row changed", "forged"])
async def test_a_head_that_is_touched_is_found(log: Log, what: str) -> None:
    await build(log)
    place = object_key(log.organisations[0], 1)
    head = await log.objects.read(place)
    if what == "changed":
        await log.objects.put(place, head.replace(b'"segment', b'"Segment', 1).replace(b"1", b"2", 1))
    elif what == "removed":
        await log.objects.delete([place])
    elif what == "row removed":
        await log.platform.execute("DELETE FROM organisation_heads WHERE number = 1")
    else:
        new = "'{}'" if what == "row changed" else "replace(statement, '\"number\":1', '\"number\":1 ')"
        await log.platform.execute(f"UPDATE organisation_heads SET statement = {new} WHERE number = 1")
    report = await log.verify()
    assert report.first_bad is not None and "head 1" in report.first_bad.reason, report


async def test_a_log_signed_anew_by_another_is_found_by_who_knows_the_key(log: Log) -> None:
    other = signing_key(log.settings.data_dir / "other.key")
    forged = log._replace(key=other)
    await build(forged)
    assert (await log.verify()).ok, "whoever asks for no key believes the keys that are recorded"
    report = await log.verify(log.key.public)
    assert report.first_bad is not None and other.id in report.first_bad.reason
