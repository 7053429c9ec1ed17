"""Finding what a person named: by id, or by a name that fits only one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import typer

from annotary.cli.connection import EXIT_COULD_NOT_RUN
from annotary.cli.options import say

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.values import Member, Ontology, OntologyVersion, Project

T = TypeVar("T", "Project", "Ontology", "Member")


def find_project(client: Client, named: str) -> Project:
    """Return a project by its id or name; says what went wrong and exits where none or several fit."""
    if named.startswith("prj_"):
        return client.projects.get(named)
    return _only("project", named, [one for one in client.projects.list() if one.name == named])


def find_ontology(client: Client, named: str) -> Ontology:
    """Return an ontology by its id or name."""
    if named.startswith("ont_"):
        return client.ontologies.get(named)
    return _only("ontology", named, [one for one in client.ontologies.list() if one.name == named])


def find_version(client: Client, named: str, version: str | None) -> tuple[Ontology, OntologyVersion]:
    """Return an ontology and one of its versions, by number or id; None: the latest."""
    found = find_ontology(client, named)
    return found, client.ontologies.version(found.id, version) if version else found.version


def find_member(client: Client, named: str) -> Member:
    """Return a member by id, name or address."""
    if named.startswith("mem_"):
        return client.members.get(named)
    fitting = [
        one for one in client.members.list() if one.state == "active" and named in (one.name, one.email)
    ]
    return _only("member", named, fitting)


def _only(kind: str, named: str, found: list[T]) -> T:
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one.id for one in found)
        say(f"annotary: {len(found)} are called {named!r}: {ids}. Name the {kind} by its id.")
    else:
        say(f"annotary: there is no {kind} called {named!r}. Name it as it was made, or by its id.")
    raise typer.Exit(EXIT_COULD_NOT_RUN)
