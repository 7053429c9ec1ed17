"""Who stands out among equals, texts that are nearly equal, objects that change their label."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotary.quality.consistency import minhash
from annotary.quality.consistency.rules import groups, outliers, sayings, shown
from annotary.quality.consistency.tracks import label_changes

WORDS = [f"word{number}" for number in range(400)]


@given(st.lists(st.integers(0, 3), min_size=2, max_size=12))
def test_the_most_are_right_and_a_tie_leaves_all_in_doubt(said: list[int]) -> None:
    found = {place: (others, score) for place, others, score in outliers(said)}
    counts = {key: said.count(key) for key in said}
    leading = [key for key, count in counts.items() if count == max(counts.values())]
    in_doubt = {place for place, key in enumerate(said) if leading != [key]} if len(counts) > 1 else set()
    assert set(found) == in_doubt
    for place, (others, score) in found.items():
        assert others and all(said[one] != said[place] and said[one] in leading for one in others)
        assert score == 1 - (counts[said[place]] - 1) / (len(said) - 1)


@given(st.lists(st.integers(0, 6), max_size=30))
def test_groups_hold_every_key_that_occurs_twice(keys: list[int]) -> None:
    found = [sorted(group.tolist()) for group in groups(np.array(keys, np.uint64))]
    wanted = [[at for at, one in enumerate(keys) if one == key] for key in sorted(set(keys))]
    assert found == [places for places in wanted if len(places) > 1]


def test_bands_find_what_is_nearly_equal_and_little_else() -> None:
    chance = random.Random(1)
    found_near = found_far = 0
    for _ in range(200):
        text = " ".join(chance.choices(WORDS, k=60))
        near = text.replace(text.split()[chance.randrange(60)], "another", 1).upper()
        far = " ".join(chance.choices(WORDS, k=60))
        one, other, third = (minhash.shingles(each) for each in (text, near, far))
        assert minhash.similarity(one, other) > 0.85 > 0.6 > minhash.similarity(one, third)
        found_near += (minhash.bands(one) == minhash.bands(other)).any()
        found_far += (
            minhash.similarity(one, third) < 0.4 and (minhash.bands(one) == minhash.bands(third)).any()
        )
    assert found_near == 200 and found_far < 100


@given(st.text(max_size=40), st.text(max_size=40))
def test_similarity_is_that_of_the_sets_of_shingles(one: str, other: str) -> None:
    def pieces(text: str) -> set[str]:
        plain = " ".join(text.casefold().split())
        return {plain[at : at + 5] for at in range(max(1, len(plain) - 4))} - {""}

    expected = len(pieces(one) & pieces(other)) / max(1, len(pieces(one) | pieces(other)))
    if minhash._SPACE.sub(" ", one.casefold()).strip().split() == one.casefold().split():
        assert minhash.similarity(minhash.shingles(one), minhash.shingles(other)) == expected


def test_where_a_box_lies_is_no_contradiction_and_what_it_is_called_is_one() -> None:
    one = {"box": [{"label": "car", "x": 1.0}, {"label": "bus", "x": 2.0}], "justification": "so"}
    other = {"box": [{"label": "bus", "x": 7.0}, {"label": "car", "x": 9.5}]}
    third = {"box": [{"label": "car", "x": 1.0, "attributes": {"seen": True}}]}
    assert sayings(one) == sayings(other) != sayings(third)
    assert shown(sayings(one)) == "bus, car"
    assert shown(sayings({"preference": {"choice": "a"}})) == 'preference {"choice":"a"}'


def track(name: str, label: str, *frames: tuple[int, float]) -> dict[str, Any]:
    keyframes = [{"frame": frame, "x": x, "y": 0.0, "width": 10.0, "height": 10.0} for frame, x in frames]
    return {"id": name, "label": label, "keyframes": keyframes}


def test_a_track_that_takes_over_with_another_label_is_found() -> None:
    before = track("1", "car", (0, 0.0), (10, 100.0))
    after = track("2", "bus", (12, 101.0), (30, 200.0))
    (found,) = label_changes([after, before])
    assert (found.one["id"], found.other["id"]) == ("1", "2") and found.score > 0.8
    assert "at frame 12 track 1 is 'car', track 2 is 'bus'" in found.reason
    same, late, elsewhere = (
        track("2", "car", (12, 101.0), (30, 200.0)),
        track("2", "bus", (16, 101.0), (30, 200.0)),
        track("2", "bus", (12, 150.0), (30, 200.0)),
    )
    assert not [one for other in (same, late, elsewhere) for one in label_changes([before, other])]


def test_tracks_that_lie_on_each_other_under_two_names_are_found() -> None:
    one = track("1", "car", (0, 0.0), (20, 200.0))
    twin = track("2", "bus", (5, 51.0), (15, 151.0))
    (found,) = label_changes([one, twin])
    assert "from frame 5 to 15" in found.reason and found.score > 0.8
    crossing = track("3", "bus", (0, 200.0), (20, 0.0))
    assert list(label_changes([one, crossing])) == []
