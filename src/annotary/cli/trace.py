"""`annotary trace`: the chain behind an outcome, as a tree."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from annotary.cli.connection import on_platform
from annotary.cli.options import Json, print_json, say

if TYPE_CHECKING:
    from annotary.client import Client

HASH_CHARACTERS = 12
Step = Mapping[str, Any]


class Branch(NamedTuple):
    """A step in words, with the events that prove it, and the steps below it."""

    words: str
    events: Sequence[str] = ()
    below: Sequence[Branch] = ()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("trace")(trace)


@on_platform
def trace(
    client: Client,
    named: Annotated[str, typer.Argument(metavar="OUTCOME_OR_TASK", help="out_… or task_…")],
    json: Json = False,
) -> None:
    """Show how an outcome came about: item, versions, predictions, answers, consensus, reviews, files."""
    lineage = client.lineage.trace(named)
    if json:
        print_json(lineage)
        return
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    def grow(tree: Tree, branches: Iterable[Branch]) -> Tree:
        for branch in branches:
            line = Text(branch.words)
            if branch.events:
                line.append(f"  [{', '.join(branch.events)}]", style="dim")
            grow(tree.add(line), branch.below)
        return tree

    console = Console() if sys.stdout.isatty() else Console(width=1000)
    console.print(grow(Tree(Text(title(lineage))), branches(lineage)))
    for words in lineage["missing"]:
        say(f"annotary: not all could be read. {words}")


def title(lineage: Step) -> str:
    """Return what is traced, in words."""
    if lineage["outcome"] is None:
        return f"{lineage['task']['id']}: no outcome yet"
    newest = lineage["versions"][-1]
    standing = "current" if lineage["is_current"] else "replaced"
    return f"{lineage['outcome']}: version {lineage['version']}, {newest['state']}, {standing}"


def branches(lineage: Step) -> list[Branch]:
    """Return the steps of a lineage, from the item to the files that carry the outcome."""
    item, task, batch = lineage["item"], lineage["task"], lineage["batch"]
    names = lineage["people"]
    place = f", dataset {item['dataset_name']}" if item["dataset_name"] else ""
    found = [
        Branch(f"item {item['unique_id']} {item['id']}{place}", item["events"], list(_assets(item))),
        Branch(
            f"task {task['id']} of {task['project_name']}: {task['stage']}, {task['state']}", task["events"]
        ),
    ]
    if batch is not None:
        found.append(Branch(f"batch {batch['name'] or batch['id']}, {batch['priority']}", batch["events"]))
    found += [
        Branch(f"ontology version {one['number']} {one['id']} {_hash(one)}", one["events"])
        for one in lineage["ontology_versions"]
    ]
    found += [
        Branch(f"instructions version {one['version']} {_hash(one)}", one["events"])
        for one in lineage["instructions"]
    ]
    parts = (
        ("predictions", _predictions(lineage["predictions"])),
        ("answers", _answers(lineage["submissions"], names)),
        ("known answer", _gold(lineage["gold"])),
        ("outcome", _versions(lineage["versions"], names)),
        ("reviews", _reviews(lineage["reviews"], names)),
        ("changes", _changes(lineage["changes"], names)),
        ("files", _exports(lineage["exports"])),
    )
    return found + [Branch(words, below=below) for words, made in parts if (below := list(made))]


def _assets(item: Step) -> Iterator[Branch]:
    for one in item["assets"]:
        facts = f", {one['media_type']}, {one['size_bytes']:,} bytes" if one["media_type"] else ""
        yield Branch(f"asset {one['hash']}{facts}", one["events"])


def _predictions(predictions: Iterable[Step]) -> Iterator[Branch]:
    for one in predictions:
        below = [
            Branch(f"{use['use']} in {use['submission']}", below=[Branch(words) for words in use["changes"]])
            for use in one["uses"]
        ]
        score = "" if one["score"] is None else f", score {one['score']:.3f}"
        words = f"{one['model']} {one['model_version']} {one['id']}{score}: {one['use']} {_hash(one)}"
        yield Branch(words, one["events"], below)


def _answers(submissions: Iterable[Step], names: Mapping[str, str]) -> Iterator[Branch]:
    for one in submissions:
        said = [one["received_at"], f"{one['seconds']:.1f} s", _hash(one)]
        said += ["revises " + one["supersedes"]] if one["supersedes"] else []
        said += ["counts" if one["counts"] else f"does not count ({one['state']})"]
        judged = one["judged"]
        if judged and judged["score"] is not None:
            said.append(f"{judged['source']} {judged['score']:.2f}")
        if one["skill"] is not None:
            said.append(f"skill then {one['skill']:.2f}")
        yield Branch(f"{one['id']} by {_who(one['member'], names)}: {', '.join(said)}", one["events"])


def _gold(gold: Step | None) -> Iterator[Branch]:
    if gold is not None:
        yield Branch(f"{gold['state']}, from {gold['source']} {_hash(gold)}", gold["events"])


def _versions(versions: Iterable[Step], names: Mapping[str, str]) -> Iterator[Branch]:
    for one in versions:
        how = f"goes back to {one['reverts']}" if one["reverts"] else one["aggregator"]
        by = f" by {_who(one['decided_by'], names)}" if one["decided_by"] else ""
        agreement = "" if one["agreement"] is None else f", agreement {one['agreement']:.2f}"
        words = f"version {one['version']} {one['id']}: {one['state']}, {how}{by}"
        counted = f"{len(one['submissions'])} answers"
        words += f", confidence {one['confidence']:.3f}{agreement}, {counted} {_hash(one)}"
        yield Branch(words, one["events"], [Branch(f"rests on {id}") for id in one["submissions"]])


def _reviews(reviews: Iterable[Step], names: Mapping[str, str]) -> Iterator[Branch]:
    for one in reviews:
        words = f"{one['verdict'] or one['state']} by {_who(one['member'], names)}"
        words += f" of version {one['outcome_version']}, level {one['level']} of {one['levels']}"
        said = [one["comment"]] if one["comment"] else []
        yield Branch(f"{one['id']}: {words}", one["events"], [Branch(it) for it in (*said, *one["changes"])])


def _changes(changes: Iterable[Step], names: Mapping[str, str]) -> Iterator[Branch]:
    for one in changes:
        reason = f" ({one['reason']})" if one["reason"] else ""
        words = f"{one['kind']} {one['change']} of {one['subject']}{reason}"
        hashes = f"{one['hash_before'][:HASH_CHARACTERS]} → {one['hash_after'][:HASH_CHARACTERS]}"
        yield Branch(f"{words} by {_who(one['created_by'], names)}: {hashes}", one["events"])


def _exports(exports: Iterable[Step]) -> Iterator[Branch]:
    for one in exports:
        sure = "" if one["carrying"] == "whole" else ", perhaps: it was replaced while the file was written"
        yield Branch(f"{one['format']} {one['job']} of {one['ended_at']} {_hash(one)}{sure}", one["events"])


def _who(member: str | None, names: Mapping[str, str]) -> str:
    return "somebody" if member is None else f"{names.get(member, member)} ({member})"


def _hash(step: Step) -> str:
    return (step["content_hash"] or "")[:HASH_CHARACTERS]
