"""`annotary label`: a person labels the texts of a project in the terminal."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from annotary.cli import typed_answer
from annotary.cli.connection import EXIT_COULD_NOT_RUN, on_platform
from annotary.cli.finding import find_project
from annotary.cli.options import Json, ProjectArgument, say, tell
from annotary.cli.typed_answer import NotUnderstood, TypedAnswer

if TYPE_CHECKING:
    from rich.console import Console

    from annotary.client import Client
    from annotary.client.values import Assignment, Project

KEYS = "Enter submits · u undo · s why skip · n not applicable · x cannot assess · j why · ? help · q quit"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("label")(label)


@on_platform
def label(client: Client, project: ProjectArgument, json: Json = False) -> None:
    """Label the texts of a project, one after the other, by typing. Nothing is lost by quitting."""
    from rich.console import Console

    found = find_project(client, project)
    if found.modality != "text":
        say(f"annotary: {found.name} is about {found.modality}: the terminal shows texts only.")
        raise typer.Exit(EXIT_COULD_NOT_RUN)
    session = Session(client, found, Console(stderr=json))
    with contextlib.suppress(KeyboardInterrupt, EOFError):
        session.run()
    result = {"ok": True, "submitted": session.submitted, "skipped": session.skipped}
    tell(json, result, f"\nThank you: {session.submitted} submitted, {session.skipped} skipped.")


class Session:
    """One sitting of one person."""

    def __init__(self, client: Client, project: Project, console: Console) -> None:
        self.submitted = self.skipped = 0
        self._client = client
        self._project = project
        self._console = console
        self._definitions: dict[str, dict[str, Any]] = {}

    def run(self) -> None:
        """Label until nothing is left or the person quits; what is unfinished then goes to others."""
        self._greet()
        given = self._claim()
        while given:
            assignment = given[0]
            try:
                with renewed(self._client, assignment):
                    given = self._label(assignment)
            except (KeyboardInterrupt, EOFError, _Quit):
                with contextlib.suppress(Exception):
                    self._client.release(assignment)
                return
        self._console.print("\n[bold]Nothing is left for you here.[/bold]")

    def _claim(self) -> list[Assignment]:
        return self._client.claim("text", project=self._project.id)

    def _greet(self) -> None:
        self._console.rule(f"[bold]{self._project.name}[/bold]")
        for instructions in self._client.projects.instructions(self._project.id):
            self._console.print(instructions.body, markup=False)
            break
        self._console.print(f"[dim]{KEYS}[/dim]")

    def _label(self, assignment: Assignment) -> list[Assignment]:
        """Ask until the task is submitted or skipped; returns what came next."""
        from annotary.client import AnnotaryClientError

        began = time.monotonic()
        typed = TypedAnswer(self._definition(assignment), assignment.task.item)
        self._show(assignment, typed)
        while True:
            line = self._console.input("[bold]> [/bold]")
            try:
                if line.strip() in ("s", "skip") or line.startswith("s "):
                    return self._skip(assignment, line)
                if line.strip():
                    self._take(line.strip(), typed)
                else:
                    return self._submit(assignment, typed, time.monotonic() - began)
            except NotUnderstood as error:
                self._console.print(str(error), style="yellow", markup=False)
            except AnnotaryClientError as error:
                self._console.print(error.detail, style="red", markup=False)
                if error.code in ("stale_fence", "lease_expired", "not_leased"):
                    return self._claim()
                if error.code != "invalid_answer":
                    raise

    def _take(self, line: str, typed: TypedAnswer) -> None:
        if line in ("q", "quit"):
            raise _Quit
        if line in ("?", "h", "help"):
            self._console.print(
                (typed_answer.__doc__ or "").partition("\n\n")[2], markup=False, soft_wrap=True
            )
            return
        if line in ("u", "undo"):
            if not typed.undo():
                raise NotUnderstood("There is nothing to take back.")
        else:
            typed.type(line)
        self._console.print(f"  {shown(typed)}", style="green", markup=False)

    def _skip(self, assignment: Assignment, line: str) -> list[Assignment]:
        reason = line.partition(" ")[2].strip() or self._console.input("why? ").strip()
        self._client.skip(assignment, reason)
        self.skipped += 1
        return self._claim()

    def _submit(self, assignment: Assignment, typed: TypedAnswer, seconds: float) -> list[Assignment]:
        if not typed.answer and "spans" not in typed.tools:
            raise NotUnderstood("There is no answer yet. Type ? to see what can be typed, s to skip.")
        taken = self._client.submit(assignment, typed.answer, seconds=round(seconds, 1), claim_next=1)
        self.submitted += 1
        return taken.next or self._claim()

    def _definition(self, assignment: Assignment) -> dict[str, Any]:
        """Return the definition of the ontology version that the assignment pinned."""
        version = assignment.task.ontology_version
        if version not in self._definitions:
            read = self._client.ontologies.version(self._project.ontology, version)
            self._definitions[version] = read.definition
        return self._definitions[version]

    def _show(self, assignment: Assignment, typed: TypedAnswer) -> None:
        """Show the item and what can be chosen. What annotators read is never taken as markup."""
        out, item = self._console, assignment.task.item
        progress = self._client.progress("text", self._project.id)
        out.rule(f"[dim]{self.submitted + 1} of yours · {progress.done} of {progress.tasks} tasks done[/dim]")
        for name in ("prompt", "a", "b"):
            if name in item:
                out.print(f"[bold]{name}[/bold]")
                out.print(spoken(item[name]), markup=False, highlight=False)
        for at, candidate in enumerate(item.get("candidates", ()), 1):
            out.print(f"[bold]{at}[/bold]")
            out.print(candidate, markup=False, highlight=False)
        if "text" in item:
            out.print(item["text"], markup=False, highlight=False)
        elif "asset" in item:
            out.print(f"A long text: {self._client.url}{item.get('url', '')}", markup=False, soft_wrap=True)
        if "spans" in typed.tools:
            numbered = (f"{at}·{typed.text[a:b]}" for at, (a, b) in enumerate(typed.words, 1))
            out.print("  ".join(numbered), style="dim", markup=False, highlight=False)
        for tool in ("classification", "spans"):
            if tool in typed.tools:
                names = "   ".join(f"{at} {one['name']}" for at, one in enumerate(typed.labels(tool), 1))
                out.print(f"{tool}: {names}", style="cyan", markup=False, highlight=False)
        if "ordinal" in typed.tools:
            scales = ((one["name"], *typed.scale(one["name"])) for one in typed.labels("ordinal"))
            named = "   ".join(
                f"{at} {name} {low} to {high}" for at, (name, low, high) in enumerate(scales, 1)
            )
            out.print(f"ordinal: {named}", style="cyan", markup=False, highlight=False)
        if "ranking" in typed.tools:
            out.print("ranking: such as 2>1=3, the best first", style="cyan", markup=False, highlight=False)
        if "preference" in typed.tools:
            ties = "   t tie" if typed.tools["preference"].get("ties", True) else ""
            out.print(f"preference: a first   b second{ties}", style="cyan", markup=False)


class _Quit(Exception):
    """The person wants to stop."""


@contextlib.contextmanager
def renewed(client: Client, assignment: Assignment) -> Iterator[None]:
    """Renew a lease in the background, at half of its time, for as long as the block runs."""
    ended = threading.Event()

    def keep() -> None:
        expires_at = assignment.expires_at
        while not ended.wait(max(1.0, (expires_at - datetime.now(UTC)).total_seconds() / 2)):
            try:
                expires_at = client.renew(assignment).expires_at
            except Exception:
                # The submission will say what became of the lease.
                return

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()


def spoken(content: Any) -> str:
    """Return a prompt as it reads: a text, or the turns of a conversation."""
    if isinstance(content, str):
        return content
    return "\n".join(f"{turn.get('role', '')}: {turn.get('content', '')}" for turn in content)


def shown(typed: TypedAnswer) -> str:
    """Return an answer in the making as one line."""
    answer, parts = typed.answer, []
    parts += [key.replace("_", " ") for key in ("not_applicable", "cannot_assess") if answer.get(key)]
    parts += [_mark(one) for one in answer.get("classification", [])]
    parts += [f"{_mark(one)}: {typed.text[one['start'] : one['end']]!r}" for one in answer.get("spans", [])]
    parts += [f"{one['label']} {one['level']}" for one in answer.get("ordinal", [])]
    if "ranking" in answer:
        parts.append(
            " > ".join("=".join(str(one + 1) for one in tier) for tier in answer["ranking"]["tiers"])
        )
    if "preference" in answer:
        chosen = answer["preference"]
        parts.append(f"{chosen['choice']} {chosen.get('strength', '')}".strip())
    if "justification" in answer:
        parts.append(f"because {answer['justification']}")
    return " · ".join(parts) or "nothing yet"


def _mark(mark: dict[str, Any]) -> str:
    attributes = ", ".join(f"{name}={value}" for name, value in mark.get("attributes", {}).items())
    return f"{mark['label']} ({attributes})" if attributes else str(mark["label"])
