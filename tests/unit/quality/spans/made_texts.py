"""Made texts with spans, and annotators of differing skill who mark them."""

from __future__ import annotations

import random

from annotary.quality.spans.values import Span, SpanTask

LABELS = ("person", "place", "thing")


def truth_of(tasks: int, source: random.Random) -> list[tuple[int, list[Span]]]:
    """Texts as a number of tokens, with spans of one to three tokens in them."""
    texts = []
    for _ in range(tasks):
        spans, at = [], source.randrange(4)
        while at < 20:
            end = at + source.choice((1, 1, 2, 3))
            spans.append(Span(at, end, source.choice(LABELS)))
            at = end + source.randrange(1, 8)
        texts.append((24, spans))
    return texts


def marked(spans: list[Span], skill: float, source: random.Random) -> list[Span]:
    """What somebody marks: some spans missed, some shortened, some named wrongly."""
    found = []
    for span in spans:
        if source.random() < skill:
            start = span.start + (span.end - span.start > 1 and source.random() > skill)
            label = span.label if source.random() < skill else source.choice(LABELS)
            found.append(Span(start, span.end, label))
    return found


def crowd(tasks: int, seed: int) -> tuple[list[SpanTask], list[list[Span]]]:
    """Tasks of five annotators each out of twelve, half of them careless; and the truth."""
    source = random.Random(seed)
    texts = truth_of(tasks, source)
    skills = {f"w{number}": source.uniform(0.85, 0.97) if number % 2 else 0.45 for number in range(12)}
    made = []
    for tokens, spans in texts:
        people = source.sample(sorted(skills), 5)
        made.append(SpanTask(tokens, {who: marked(spans, skills[who], source) for who in people}))
    return made, [spans for _, spans in texts]
