"""`annotary tracks evaluate`: how well tracks follow the true ones, from files alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from annotary.cli.options import Json, print_json


def register(parent: typer.Typer) -> None:
    """Add the command to the group `tracks`, which is made when no other module made it."""
    group = next((one.typer_instance for one in parent.registered_groups if one.name == "tracks"), None)
    if group is None:
        group = typer.Typer(help="Tracks: objects through a clip.", no_args_is_help=True)
        # Without a callback a group of one command would become that command.
        group.callback()(lambda: None)
        parent.add_typer(group, name="tracks")
    group.command("evaluate")(evaluate)


def evaluate(
    truth: Annotated[
        Path, typer.Argument(metavar="GT", help="The true tracks, MOT text.", exists=True, dir_okay=False)
    ],
    predicted: Annotated[
        Path, typer.Argument(metavar="PRED", help="The tracks to evaluate.", exists=True, dir_okay=False)
    ],
    json: Json = False,
) -> None:
    """Print HOTA, IDF1, MOTA (percent) and identity switches. Rows of GT with conf 0 are not evaluated."""
    from annotary.cli.text_files import read_text
    from annotary.quality.tracking.evaluation import evaluate as evaluate_tracks
    from annotary.quality.tracking.mot_text import read_mot

    true = read_mot(read_text(truth), name=truth.name, drop_unconfident=True)
    found = read_mot(read_text(predicted), name=predicted.name)
    started = time.perf_counter()
    scores = evaluate_tracks(true, found)
    seconds = time.perf_counter() - started
    shown = {
        "hota": 100 * scores.hota.hota,
        "idf1": 100 * scores.identity.f1,
        "mota": 100 * scores.clear.mota,
        "id_switches": scores.clear.id_switches,
        "deta": 100 * scores.hota.detection,
        "assa": 100 * scores.hota.association,
        "misses": scores.clear.missed,
        "false_positives": scores.clear.false,
        "seconds": seconds,
    }
    if json:
        print_json(shown)
        return
    from annotary.cli.shown import print_table

    columns = ("HOTA", "IDF1", "MOTA", "switches", "misses", "false")
    names = ("hota", "idf1", "mota", "id_switches", "misses", "false_positives")
    percents, counts = names[:3], names[3:]
    row = [*(f"{shown[name]:.2f}" for name in percents), *(shown[name] for name in counts)]
    print_table(columns, [row], numbers=columns)
