"""What becomes of items whose business key is there already; and rows as Postgres' binary COPY has them."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from annotary.catalog.intake import Known, NewItem, judge
from annotary.kernel.ids import new_id, numbered_id, numbered_ids

keys = st.sampled_from("abcde")
contents = st.sampled_from([b"1" * 32, b"2" * 32])
said = st.lists(st.tuples(keys, contents), max_size=12)


@given(said, st.dictionaries(keys, st.tuples(contents, st.booleans())))
def test_every_item_gets_one_verdict_and_keys_stay_unique(
    given_items: list[tuple[str, bytes]], there: dict[str, tuple[bytes, bool]]
) -> None:
    items = [
        NewItem(bytes([0, n]) * 8, key, b"{}", None, content) for n, (key, content) in enumerate(given_items)
    ]
    known = {key: Known(key.encode() * 16, content, gone) for key, (content, gone) in there.items()}
    verdict = judge(items, known)
    kept = {key: (one.content_hash, one.id) for key, one in known.items()}
    fresh = 0
    for position, item in enumerate(items):
        if item.unique_id not in kept:
            kept[item.unique_id] = (item.content_hash, item.id)
            fresh += 1
            assert verdict.ids[position] is item.id
            continue
        content, first = kept[item.unique_id]
        gone = item.unique_id in known and known[item.unique_id].deleted
        if content == item.content_hash and not gone:
            assert verdict.ids[position] == first
            assert (position in verdict.existing) == (item.unique_id in known)
            assert (position in verdict.repeated) == (item.unique_id not in known)
        else:
            assert verdict.ids[position] is None and item.unique_id in verdict.refused[position]
    counted = fresh + len(verdict.refused) + len(verdict.existing) + len(verdict.repeated)
    assert counted == len(items)


def test_an_item_of_an_earlier_run_of_the_same_job_counts_as_new() -> None:
    item = NewItem(b"i" * 16, "a", b"{}", None, b"h" * 32)
    verdict = judge([item], {"a": Known(b"i" * 16, b"h" * 32)})
    assert verdict.ids == [item.id] and not (verdict.refused or verdict.existing or verdict.repeated)


@given(
    st.sets(st.integers(0, 2**32 - 1), min_size=2),
    st.uuids(version=4).map(lambda one: new_id(one.time % 2**40)),
)
def test_numbered_ids_are_distinct_and_sort_by_number(numbers: set[int], seed: UUID) -> None:
    ids = [numbered_id(seed, number) for number in sorted(numbers)]
    assert ids == sorted(set(ids)) and all(one.version == 7 for one in ids)
    assert [one.bytes for one in ids] == list(map(numbered_ids(seed), sorted(numbers)))
    assert {one.int >> 80 for one in ids} == {seed.int >> 80}
