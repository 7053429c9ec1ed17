"""In rounds everybody is asked only what they can answer, nobody twice, and tasks in the order they come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotary.demo.people import recorded
from annotary.demo.rounds import Open, orders, takes
from annotary.demo.values import Answer, Sample, SampleItem, Turn

YES: Answer = {"classification": [{"label": "yes"}]}
BLOCKS = {("Ada", "Ben", "Cleo"): 45, ("Ben", "Dov", "Eli"): 7}


def sample() -> Sample:
    """Return two blocks of items; nobody has answers to the items of another block."""
    items, shifts = [], []
    for names, count in BLOCKS.items():
        mine = [f"{names[0]}-{number}" for number in range(count)]
        items += [SampleItem(one) for one in mine]
        people = [recorded(name, dict.fromkeys(mine, YES)) for name in names]
        shifts.append([Turn(person, count, count) for person in people])
    return Sample(
        name="s",
        modality="text",
        definition={},
        instructions="",
        items=items,
        truth={},
        truth_from="",
        overlap=3,
        shifts=shifts,
    )


def test_those_who_can_answer_an_item_are_asked_in_an_order_of_its_neighbours() -> None:
    found = orders(sample())
    assert list(found) == [item.unique_id for item in sample().items]
    for unique_id, names in found.items():
        assert tuple(sorted(names)) == next(block for block in BLOCKS if block[0] == unique_id.split("-")[0])
    assert found == orders(sample()), "the order is drawn anew each time"
    assert len({tuple(found[f"Ada-{number}"]) for number in (0, 20, 40)}) > 1, "always the same begin"
    assert found["Ada-0"] == found["Ada-19"]


@given(st.lists(st.integers(0, 3), min_size=52, max_size=52), st.integers(1, 3))
def test_a_round_asks_each_open_task_of_the_next_who_have_not_answered(
    answered: list[int], wanted: int
) -> None:
    order = orders(sample())
    given_by = {one: order[one][:count] for one, count in zip(order, answered, strict=True)}
    tasks = [Open(one, min(wanted, 3 - len(given_by[one]))) for one in order if len(given_by[one]) < 3]
    asked: dict[str, list[str]] = {}
    left = {task.unique_id: task.wanted for task in tasks}
    for take in takes(tasks, order, given_by):
        # Tasks are given out in their order: a claim gets the first that are open to it.
        free = [one for one in left if left[one]][: len(take.tasks)]
        assert free == take.tasks
        for one in take.tasks:
            left[one] -= 1
            asked.setdefault(one, []).append(take.name)
    for task in tasks:
        done = given_by[task.unique_id]
        assert asked[task.unique_id] == order[task.unique_id][len(done) : len(done) + wanted]
