"""All measures of agreement over one set of answers."""

from __future__ import annotations

from annotary.quality.agreement.alpha import alpha, label_alpha
from annotary.quality.agreement.bootstrap import blocks_of_units, estimates
from annotary.quality.agreement.cohen import cohen_kappa
from annotary.quality.agreement.fleiss import fleiss_kappa
from annotary.quality.agreement.pairable import Pairable
from annotary.quality.agreement.pairs import pair_tables
from annotary.quality.agreement.percent import percent_agreement, specific_agreement
from annotary.quality.agreement.values import Agreement, Answers, Floats, LabelAgreement, Level, PairAgreement


def agreement(
    answers: Answers,
    *,
    level: Level = "nominal",
    numbers: Floats | None = None,
    pairs: int = 100,
    replicates: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Return how far annotators agree, with 95 % intervals by resampling units `replicates` times.

    `level` is that of alpha; kappa and percent agreement take labels as equal or not. `numbers` (one a label)
    are needed for the level interval, whose labels are no classes: there they have no agreement of their own.
    Pairs are those sharing the most units, at most `pairs`. Raises `Invalid` where no unit has two answers,
    `TooLarge` where pairs are asked for and there are too many pairs of answers.
    """
    pairable = Pairable(answers.units, answers.labels, len(answers.label_names))
    units, width = len(pairable.sizes), pairable.label_count
    blocks = blocks_of_units(units, width, seed)
    alpha_blocks = blocks_of_units(units, width**2, seed) if level == "ordinal" else blocks
    measures = (
        alpha(pairable, alpha_blocks, level, numbers),
        fleiss_kappa(pairable, blocks),
        percent_agreement(pairable, blocks),
    )
    overall, fleiss, percent = (estimates(measure, replicates, seed)[0] for measure in measures)
    labels: list[LabelAgreement] = []
    if level != "interval":
        alphas = estimates(label_alpha(pairable, blocks), replicates, seed)
        specific = estimates(specific_agreement(pairable, blocks), replicates, seed)
        given = pairable.label_totals.tolist()
        labels = list(map(LabelAgreement, answers.label_names, given, alphas, specific))
    found, total = _pairs(answers, pairs, replicates, seed) if pairs else ([], None)
    return Agreement(overall, fleiss, percent, labels, found, units, total)


def _pairs(answers: Answers, most: int, replicates: int, seed: int) -> tuple[list[PairAgreement], int]:
    tables, total = pair_tables(answers, most)
    found = []
    for table in tables:
        names = answers.annotator_names[table.first], answers.annotator_names[table.second]
        found.append(PairAgreement(names, table.shared, *cohen_kappa(table, replicates, seed)))
    return found, total
