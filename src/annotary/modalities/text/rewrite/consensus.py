"""How written texts are compared and merged: by the words they share, in their order."""

from __future__ import annotations

from collections.abc import Sequence

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.text.rewrite.checking import Rewrite
from annotary.modalities.text.rewrite.similarity import similarity
from annotary.modalities.voting import Weights


def agreement(first: Rewrite, second: Rewrite, context: Context) -> float:
    """Return 1 less the normalised edit distance of the two texts' words and marks."""
    return similarity(first.text, second.text)


def merge(values: Sequence[Rewrite], context: Context, weights: Weights) -> Merged:
    """Return the text that is most like all of them; no text is made that nobody wrote.

    Confidence is its mean likeness to all, its own among them.
    """
    alike = [[0.0 for _ in values] for _ in values]
    for i, one in enumerate(values):
        for j in range(i, len(values)):
            alike[i][j] = alike[j][i] = similarity(one.text, values[j].text)
    closeness = [sum(map(float.__mul__, row, weights)) / sum(weights) for row in alike]
    best = max(range(len(values)), key=lambda at: round(closeness[at], 9))
    return Merged(values[best], min(1.0, closeness[best]))
