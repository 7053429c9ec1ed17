"""Projects with their members and instructions, and the ontologies they label with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotary.client.transport import Transport
from annotary.client.values import (
    Instructions,
    Modality,
    Ontology,
    OntologyVersion,
    Project,
    ProjectMember,
    ProjectRole,
)


class Ontologies:
    """`client.ontologies`: label definitions and their immutable versions."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, modality: Modality, definition: Mapping[str, Any]) -> Ontology:
        """Make an ontology with its first version; `definition` is `{"tools": {...}, "labels": [...]}`."""
        body = {"name": name, "modality": modality, "definition": definition}
        return self._transport.write("POST", "/v1/ontologies", Ontology, body)

    def list(self) -> Iterator[Ontology]:
        """Yield all ontologies, each with its latest version."""
        return self._transport.pages("/v1/ontologies", Ontology, {"limit": 50})

    def get(self, ontology: str) -> Ontology:
        """Return an ontology by id, with its latest version."""
        return self._transport.read(f"/v1/ontologies/{ontology}", Ontology)

    def publish(self, ontology: str, definition: Mapping[str, Any]) -> OntologyVersion:
        """Publish a version; the content of the latest one gives that one back."""
        path = f"/v1/ontologies/{ontology}/versions"
        return self._transport.write("POST", path, OntologyVersion, {"definition": definition})

    def versions(self, ontology: str) -> Iterator[OntologyVersion]:
        """Yield the versions of an ontology."""
        return self._transport.pages(f"/v1/ontologies/{ontology}/versions", OntologyVersion, {"limit": 50})

    def version(self, ontology: str, version: int | str) -> OntologyVersion:
        """Return one version by its number or id."""
        return self._transport.read(f"/v1/ontologies/{ontology}/versions/{version}", OntologyVersion)


class Projects:
    """`client.projects`: the work done on items."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        name: str,
        modality: Modality,
        *,
        ontology: str | None = None,
        definition: Mapping[str, Any] | None = None,
        overlap: int = 1,
        lease_seconds: int | None = None,
        weight: float = 1.0,
        quality: Mapping[str, Any] | None = None,
        instructions: str | None = None,
    ) -> Project:
        """Make a project on an ontology (by id), or with a `definition` of its own.

        `quality` asks for gold, qualification, pauses and review; without it there is only consensus.
        """
        body: dict[str, Any] = {"name": name, "modality": modality, "overlap": overlap, "weight": weight}
        optional = {
            "ontology": ontology,
            "definition": definition,
            "lease_seconds": lease_seconds,
            "quality": quality,
            "instructions": instructions,
        }
        body |= {key: value for key, value in optional.items() if value is not None}
        return self._transport.write("POST", "/v1/projects", Project, body)

    def list(self, *, state: str | None = None) -> Iterator[Project]:
        """Yield the projects one reaches; deleted ones only with `state="deleted"`."""
        return self._transport.pages("/v1/projects", Project, {"state": state})

    def get(self, project: str) -> Project:
        """Return a project by id."""
        return self._transport.read(f"/v1/projects/{project}", Project)

    def change(self, project: str, *, version: int | None = None, **fields: Any) -> Project:
        """Change `name`, `state`, `overlap`, `lease_seconds`, `weight`, `quality` or `ontology_version`."""
        return self._transport.write("PATCH", f"/v1/projects/{project}", Project, fields, version=version)

    def delete(self, project: str) -> Project:
        """Delete a project: nothing new is given out, the record stays."""
        return self._transport.write("DELETE", f"/v1/projects/{project}", Project)

    def members(self, project: str) -> Iterator[ProjectMember]:
        """Yield who is on a project."""
        return self._transport.pages(f"/v1/projects/{project}/members", ProjectMember)

    def put_member(self, project: str, member: str, role: ProjectRole = "annotator") -> ProjectMember:
        """Put a member on a project, or change the role there."""
        path = f"/v1/projects/{project}/members/{member}"
        return self._transport.write("PUT", path, ProjectMember, {"role": role})

    def remove_member(self, project: str, member: str) -> ProjectMember:
        """Take a member off a project."""
        return self._transport.write("DELETE", f"/v1/projects/{project}/members/{member}", ProjectMember)

    def instruct(self, project: str, body: str) -> Instructions:
        """Publish a new version of the instructions."""
        path = f"/v1/projects/{project}/instructions"
        return self._transport.write("POST", path, Instructions, {"body": body})

    def instructions(self, project: str) -> Iterator[Instructions]:
        """Yield the versions of the instructions, newest first."""
        return self._transport.pages(f"/v1/projects/{project}/instructions", Instructions, {"limit": 16})
