"""`annotary preferences rank`: who is preferred, and whose votes are worth how much, from a file alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.options import Json, print_json, say

if TYPE_CHECKING:
    from annotary.quality.preferences.values import Judge, Player, Ranking

app = typer.Typer(help="Preferences: votes between two.", no_args_is_help=True)
JSON_LINES = (".jsonl", ".ndjson")


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="preferences")


@app.callback()
def preferences() -> None:
    """Preferences: votes between two."""


@app.command("rank")
def rank(
    votes: Annotated[
        Path,
        typer.Argument(
            metavar="VOTES.csv|VOTES.jsonl",
            help="a, b (or model_a, model_b), winner (a, b, tie or a name) and, if any, judge.",
            exists=True,
            dir_okay=False,
        ),
    ],
    judges: Annotated[
        bool, typer.Option("--judges/--no-judges", help="Weigh judges by skill, or take all as one.")
    ] = True,
    json: Json = False,
) -> None:
    """Print strengths (Bradley-Terry with ties) and the skill of judges, with 95 % intervals."""
    from annotary.cli.text_files import read_text
    from annotary.quality.preferences.ranking import rank as rank_votes
    from annotary.quality.preferences.votes_text import read_votes

    read = read_votes(read_text(votes), votes.name, json_lines=votes.suffix.lower() in JSON_LINES)
    started = time.perf_counter()
    found = rank_votes(read, judges=judges)
    seconds = time.perf_counter() - started
    if not json:
        _show(found)
        return
    shown = found._asdict()
    shown["players"] = [one._asdict() for one in found.players]
    shown["judges"] = [one._asdict() for one in found.judges]
    print_json({"model": "davidson", **shown, "seconds": seconds})


def _show(found: Ranking) -> None:
    from annotary.cli.shown import print_table

    columns = ("rank", "player", "strength", "95 % interval", "wins", "losses", "ties")
    print_table(columns, map(_player, found.players), numbers=("rank", "strength", "wins", "losses", "ties"))
    if found.judges:
        columns_judges = ("judge", "votes", "skill", "95 % interval", "agreement")
        print_table(columns_judges, map(_judge, found.judges), numbers=("votes", "skill", "agreement"))
    if found.components > 1:
        say(f"No vote connects {found.components} groups of players: between them only the prior decides.")


def _player(one: Player) -> tuple[object, ...]:
    interval = f"{one.low:.3f} to {one.high:.3f}"
    return one.rank, one.player, f"{one.strength:.3f}", interval, one.wins, one.losses, one.ties


def _judge(one: Judge) -> tuple[object, ...]:
    interval = f"{one.low:.3f} to {one.high:.3f}"
    return one.judge, one.votes, f"{one.skill:.3f}", interval, f"{one.agreement:.3f}"
