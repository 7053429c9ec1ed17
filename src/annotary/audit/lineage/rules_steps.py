"""The steps of a lineage from rows, with what the caller may see of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary.audit.lineage import rules
from annotary.audit.lineage.rules import Fields, Log
from annotary.audit.lineage.values import (
    BatchStep,
    ChangeStep,
    GoldStep,
    InstructionsStep,
    Judged,
    OntologyStep,
    OutcomeStep,
    PredictionStep,
    PredictionUse,
    Records,
    ReviewStep,
    RunStep,
    Sight,
    SubmissionStep,
    TaskStep,
)
from annotary.kernel.ids import format_id, outside_id
from annotary.review.values import decoded_diff


class Shown:
    """Steps as one caller may see them: whom they were shown is kept, for the names."""

    def __init__(self, held: Records, log: Log, sight: Sight) -> None:
        self._held = held
        self._log = log
        self._sight = sight
        self.people: set[UUID] = set()

    @property
    def is_open(self) -> bool:
        """Whether the caller sees everything."""
        return self._sight.is_open

    def member(self, id: UUID | None) -> str | None:
        """Return a member where the caller may know who it was."""
        if id is None or not (self._sight.is_open or id == self._sight.member_id):
            return None
        self.people.add(id)
        return format_id("member", id)

    def task(self) -> TaskStep:
        """Return the task; call it last, since its events are those that prove nothing else."""
        row = self._held.task
        return TaskStep(
            id=format_id("task", row["id"]),
            project=format_id("project", row["project_id"]),
            project_name=row["project_name"],
            modality=row["modality"],
            stage=row["stage"],
            state=row["state"],
            overlap=row["overlap"],
            created_at=row["created_at"],
            events=self._log.rest(row["id"]),
        )

    def batch(self) -> BatchStep | None:
        """Return the batch, with the job that released the task in it."""
        row, task = self._held.batch, self._held.task
        if row is None:
            return None
        released = self._log.spanning("tasks.released", row["id"], task["id"])
        jobs = [rules.ids_in(one.data.get("job")) for one in self._log.entries if one.id in released]
        return BatchStep(
            id=format_id("batch", row["id"]),
            name=row["name"],
            priority=row["priority"],
            created_by=self.member(row["created_by"]),
            created_at=row["created_at"],
            job=format_id("job", min(jobs[0])) if jobs and jobs[0] else None,
            events=[*self._log.about("batch.created", row["id"]), *released],
        )

    def ontology_versions(self) -> list[OntologyStep]:
        """Return the ontology versions that answers of the chain are of."""
        return [
            OntologyStep(
                id=format_id("ontology_version", row["id"]),
                ontology=format_id("ontology", row["ontology_id"]),
                number=row["number"],
                content_hash=row["content_hash"].hex(),
                created_by=self.member(row["created_by"]),
                created_at=row["created_at"],
                events=self._log.about("ontology.", row["id"]),
            )
            for row in self._held.ontology_versions
        ]

    def instructions(self) -> list[InstructionsStep]:
        """Return the instructions that answers were given by."""
        return [
            InstructionsStep(
                version=row["version"],
                content_hash=blake3(row["body"].encode()).hexdigest(),
                created_by=self.member(row["created_by"]),
                created_at=row["created_at"],
                events=self._log.told("instructions.published", "instructions_version", row["version"]),
            )
            for row in self._held.instructions
        ]

    def predictions(self) -> list[PredictionStep]:
        """Return what models said, and what annotators made of it."""
        return [self._prediction(row) for row in self._held.predictions]

    def _prediction(self, row: Fields) -> PredictionStep:
        answers = [one for one in self._held.submissions if row["id"] in (one["suggested_by"] or ())]
        found = [(one, *rules.use_of(row, one)) for one in answers]
        batch = self._held.task["batch_id"]
        stored = self._log.naming("predictions.stored", "predictions", row["id"])
        return PredictionStep(
            id=format_id("prediction", row["id"]),
            model=row["model"],
            model_version=row["model_version"],
            score=row["score"],
            content_hash=row["content_hash"].hex(),
            ontology_version=outside_id("ontology_version", row["ontology_version_id"]),
            use=rules.whole_use([use for _, use, _ in found], bool(self._held.submissions)),
            uses=[PredictionUse(format_id("submission", one["id"]), use, words) for one, use, words in found],
            created_at=row["created_at"],
            # What came with an import was stored with its tasks.
            events=stored or self._log.spanning("tasks.released", batch, self._held.task["id"]),
        )

    def submissions(self, outcome: Fields | None) -> list[SubmissionStep]:
        """Return every answer in the order they came; `outcome` is the traced one."""
        rests_on = set(outcome["submission_ids"]) if outcome else set()
        judged = {row["submission_id"]: row for row in self._held.judged}
        return [
            self._submission(row, row["id"] in rests_on, judged.get(row["id"]))
            for row in self._held.submissions
        ]

    def _submission(self, row: Fields, in_outcome: bool, judged: Fields | None) -> SubmissionStep:
        is_open = self._sight.is_open
        claims = self._log.naming("task.claimed", "assignment", row["assignment_id"])
        return SubmissionStep(
            id=format_id("submission", row["id"]),
            assignment=format_id("assignment", row["assignment_id"]),
            member=self.member(row["member_id"]),
            state=row["state"] or "unknown",
            counts=row["counts"],
            in_outcome=in_outcome,
            seconds=row["seconds"],
            content_hash=row["content_hash"].hex(),
            ontology_version=format_id("ontology_version", row["ontology_version_id"]),
            instructions_version=row["instructions_version"],
            supersedes=outside_id("submission", row["supersedes"]),
            suggested_by=[format_id("prediction", one) for one in row["suggested_by"] or ()],
            claimed_at=row["claimed_at"],
            received_at=row["received_at"],
            committed_at=row["committed_at"],
            judged=_judged(judged) if judged and is_open else None,
            skill=row["skill"] if is_open else None,
            events=[*claims, *self._log.naming("submission.", "submission", row["id"])],
        )

    def gold(self) -> GoldStep | None:
        """Return the known answer, to managers."""
        row = self._held.gold
        if row is None or not self._sight.is_open:
            return None
        return GoldStep(
            state=row["state"],
            source=row["source"],
            qualification=row["qualification"],
            content_hash=row["content_hash"].hex(),
            changed_by=self.member(row["changed_by"]),
            changed_at=row["changed_at"],
            events=self._log.about("gold.", self._held.task["id"]),
        )

    def versions(self) -> list[OutcomeStep]:
        """Return the versions of the outcome, oldest first."""
        runs = {row["id"]: row for row in self._held.runs}
        return [self._version(row, runs.get(row["run_id"])) for row in self._held.versions]

    def _version(self, row: Fields, run: Fields | None) -> OutcomeStep:
        return OutcomeStep(
            id=format_id("outcome", row["id"]),
            version=row["version"],
            state=row["state"],
            content_hash=row["content_hash"].hex(),
            ontology_version=format_id("ontology_version", row["ontology_version_id"]),
            aggregator=row["aggregator"],
            aggregator_version=row["aggregator_version"],
            parameters=msgspec.Raw(row["parameters"].encode()),
            run=self._run(run) if run else None,
            confidence=row["confidence"],
            agreement=row["agreement"],
            submissions=[format_id("submission", one) for one in row["submission_ids"]],
            reverts=outside_id("outcome", row["reverts"]),
            decided_by=self.member(row["accepted_by"]),
            created_at=row["created_at"],
            superseded_at=row["superseded_at"],
            events=self._log.naming("outcome.", "outcome", row["id"]),
        )

    def _run(self, row: Fields) -> RunStep:
        return RunStep(
            format_id("consensus_run", row["id"]),
            outside_id("consensus_run", row["reverts"]),
            self.member(row["created_by"]),
        )

    def reviews(self) -> list[ReviewStep]:
        """Return second looks: all to managers, their own to reviewers."""
        is_open, me = self._sight.is_open, self._sight.member_id
        return [self._review(row) for row in self._held.reviews if is_open or row["member_id"] == me]

    def _review(self, row: Fields) -> ReviewStep:
        found = decoded_diff(row["diff"])
        return ReviewStep(
            id=format_id("review", row["id"]),
            outcome=format_id("outcome", row["outcome_id"]),
            outcome_version=row["outcome_version"],
            purpose=row["purpose"],
            level=row["level"],
            levels=row["levels"],
            state=row["state"],
            member=self.member(row["member_id"]),
            verdict=row["verdict"],
            comment=row["comment"],
            changes=[change.text for change in found.changes] if found else [],
            amended_to=outside_id("outcome", row["amended_to"]),
            created_at=row["created_at"],
            ended_at=row["ended_at"],
            events=self._log.naming("review.", "review", row["id"]),
        )

    def changes(self) -> list[ChangeStep]:
        """Return what migrations, corrections and rollbacks made of the answers."""
        held = self._held
        now = {row["id"]: _content(row) for row in (*held.submissions, *held.versions, *held.predictions)}
        if held.gold is not None:
            now[held.task["id"]] = _content(held.gold)
        return [self._change(one) for one in rules.changed(held.changes, now)]

    def _change(self, one: rules.Changed) -> ChangeStep:
        row, kind = one.row, self._held.kinds[one.row["subject_id"]]
        of_change = {
            entry.id
            for entry in self._log.entries
            if row["change_id"] in rules.ids_in(entry.data.get("change")) and entry.data.get("of") == kind
        }
        spanned = self._log.spanning("answers.changed", self._held.task["project_id"], row["subject_id"])
        return ChangeStep(
            change=format_id("change", row["change_id"]),
            kind=row["kind"],
            subject=format_id("task" if kind == "gold" else kind, row["subject_id"]),
            subject_kind=kind,
            hash_before=one.before[0].hex(),
            hash_after=one.after[0].hex(),
            ontology_version_before=format_id("ontology_version", one.before[1]),
            ontology_version_after=format_id("ontology_version", one.after[1]),
            reason=msgspec.json.decode(row["request"]).get("reason", ""),
            created_by=self.member(row["created_by"]),
            approved_by=self.member(row["approved_by"]),
            started_at=row["started_at"],
            events=[id for id in spanned if id in of_change],
        )


def accepted_since(outcome: Fields | None, log: Log) -> datetime | None:
    """Return since when an outcome could be exported: since it was made, or since a person accepted it."""
    if outcome is None or outcome["state"] == "proposed":
        return None
    ids = {*log.naming(("outcome.accepted", "outcome.revised"), "outcome", outcome["id"])}
    times = [one.time for one in log.entries if one.id in ids]
    if outcome["state"] == "withdrawn" and not times:
        return None
    created: datetime = outcome["created_at"]
    return max(times, default=created)


def _content(row: Fields) -> tuple[bytes, UUID]:
    return row["content_hash"], row["ontology_version_id"]


def _judged(row: Fields) -> Judged:
    return Judged(row["source"], row["state"], row["score"], row["reason"])


def names_shown(people: Mapping[UUID, str]) -> dict[str, str]:
    """Return the names of members by their outside ids."""
    return {format_id("member", id): name for id, name in people.items()}
