"""The demo from projects to report: set up, replay, agree, export, compare."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from annotary.client import AnnotaryClientError, Client
from annotary.client.values import Batch, Job, OverlapTarget, Project
from annotary.demo.replay import Replay, Timings, quantiles
from annotary.demo.rounds import Rounds
from annotary.demo.scoring import Score, score
from annotary.demo.setting_up import SET_UP_AT_ONCE, import_items, ontology_of
from annotary.demo.values import ProjectReport, Sample, Saved

Say = Callable[[str], None]
OUTCOME_SECONDS_MOST = 120.0
JOB_SECONDS_MOST = 120.0
POLL_SECONDS = 0.1


class DemoFailed(AnnotaryClientError):
    """Something of the demo did not go as it should."""


class Demo:
    """One run of the demo against a platform, as its owner."""

    def __init__(self, client: Client, folder: Path, say: Say) -> None:
        """Exports go into `folder`."""
        self._client = client
        self._folder = folder
        self._say = say
        self._tokens: dict[str, str] = {}
        self._members: dict[str, str] = {}
        self.problems: list[str] = []

    def run(self, samples: Sequence[Sample]) -> list[ProjectReport]:
        """Make a project of each sample, let its annotators work, and report; what fails is in `problems`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        reports, started = [], []
        for sample in samples:
            with self._noting(sample):
                started.append((sample, *self._set_up(sample)))
        for sample, project, job in started:
            with self._noting(sample):
                reports.append(self._report(sample, project, job))
        return reports

    @contextlib.contextmanager
    def _noting(self, sample: Sample) -> Iterator[None]:
        """Keep what goes wrong with one sample as a problem: the others go on."""
        try:
            yield
        except (AnnotaryClientError, TimeoutError, ValueError) as error:
            self.problems.append(f"{sample.name}: {error}")

    def _set_up(self, sample: Sample) -> tuple[Project, Job]:
        """Make the project with its people, and start the import of its items."""
        self._say(f"{sample.name}: {len(sample.items)} items, {len(sample.annotators)} annotators")
        project = self._client.projects.create(
            sample.name,
            sample.modality,
            ontology=ontology_of(self._client, sample),
            overlap=sample.overlap,
            instructions=sample.instructions,
        )
        with ThreadPoolExecutor(SET_UP_AT_ONCE) as threads:
            list(threads.map(lambda name: self._join(name, project), sample.annotators))
        return project, import_items(self._client, project.id, sample.items)

    def _join(self, name: str, project: Project) -> None:
        """Put a person on a project: a member of that name, made with a token at the first project."""
        if name not in self._members:
            member = self._client.members.add(name, "annotator")
            token = self._client.tokens.create("demo", member=member.id)
            self._members[name] = member.id
            self._tokens[name] = token.token or ""
        self._client.projects.put_member(project.id, self._members[name])

    def _report(self, sample: Sample, project: Project, job: Job) -> ProjectReport:
        imported = self._client.imports.wait(job.id, timeout_seconds=JOB_SECONDS_MOST)
        refused = list(self._client.imports.refusals(imported.id))
        self.problems += [f"{sample.name}: line {one.line}: {one.reason}" for one in refused]
        tokens = {name: self._tokens[name] for name in sample.annotators}
        timings = Replay(self._client.url, project.id, sample, tokens).run()
        self.problems += [f"{sample.name}: {words}" for words in timings.problems]
        # Where answers are missing some outcomes never come: then only those under way are waited for.
        self._await_outcomes(sample, project, 5.0 if timings.problems else OUTCOME_SECONDS_MOST)
        file, found = self._agreed(sample, project)
        if found.labels != len(timings.submits):
            self.problems.append(
                f"{sample.name}: {len(timings.submits)} answers were submitted, {found.labels} exported"
            )
        saved = None if timings.problems else self._ask_while_worth_it(sample, tokens, found)
        return _reported(sample, timings, file, found, saved)

    def _ask_while_worth_it(self, sample: Sample, tokens: Mapping[str, str], fixed: Score) -> Saved:
        """Let the same people answer the same items in a project whose batch has a target."""
        project = self._client.projects.create(
            f"{sample.name}, asked while it is worth it",
            sample.modality,
            ontology=ontology_of(self._client, sample),
            overlap=sample.asking.least,
            instructions=sample.instructions,
        )
        for name in sample.annotators:
            self._join(name, project)
        dataset = next(one.id for one in self._client.datasets.list() if one.name == sample.name)
        target = OverlapTarget(sample.asking.kind, sample.asking.value, sample.overlap)
        batch = self._client.batches.create(sample.modality, project.id, dataset=dataset, target=target)
        self._client.jobs.wait(batch.job or "", timeout_seconds=JOB_SECONDS_MOST)
        Rounds(self._client, project.id, sample, tokens).run(lambda: self._await_settled(sample, batch))
        _, found = self._agreed(sample, project)
        counted = self._client.consensus_runs.overlap(sample.modality, batch.id).labels_used
        if counted != found.labels:
            self.problems.append(f"{project.name}: {counted} answers were counted, {found.labels} exported")
        return Saved(found.labels, fixed.labels, found.accuracy, fixed.accuracy)

    def _await_settled(self, sample: Sample, batch: Batch) -> None:
        """Wait until every task is decided, or asked for another answer."""
        deadline = time.monotonic() + OUTCOME_SECONDS_MOST
        while True:
            report = self._client.consensus_runs.overlap(sample.modality, batch.id)
            if report.outcomes == report.finished:
                return
            if time.monotonic() > deadline:
                raise DemoFailed(f"{report.finished - report.outcomes} tasks are not decided")
            time.sleep(POLL_SECONDS)

    def _await_outcomes(self, sample: Sample, project: Project, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            progress = self._client.progress(sample.modality, project.id)
            if progress.outcomes + progress.blocked >= len(sample.items):
                break
            if time.monotonic() > deadline:
                left = len(sample.items) - progress.outcomes
                raise DemoFailed(f"{left} tasks have no outcome after {seconds:.0f} s")
            time.sleep(POLL_SECONDS)
        if progress.blocked:
            self.problems.append(f"{sample.name}: {progress.blocked} tasks could not be merged")

    def _agreed(self, sample: Sample, project: Project) -> tuple[Path, Score]:
        """Find the outcomes anew from all answers, since those made as answers came depend on which came
        first; returns their export, and how right it is.
        """
        run = self._client.consensus_runs.start(sample.modality, project.id)
        self._client.jobs.wait(run.job, timeout_seconds=JOB_SECONDS_MOST)
        file = self._export(project)
        return file, score(file, sample)

    def _export(self, project: Project) -> Path:
        job = self._client.exports.start(project.id, include_submissions=True)
        self._client.exports.wait(job.id, timeout_seconds=JOB_SECONDS_MOST)
        name = re.sub(r"[^a-z0-9]+", "-", project.name.lower()).strip("-")
        file = self._folder / f"{name}.jsonl"
        self._client.exports.download(job.id, file)
        return file


def _reported(
    sample: Sample, timings: Timings, file: Path, found: Score, saved: Saved | None
) -> ProjectReport:
    return ProjectReport(
        name=sample.name,
        modality=sample.modality,
        tasks=found.tasks,
        labels=found.labels,
        labels_per_s=round(len(timings.submits) / max(timings.seconds, 1e-9), 1),
        claim_ms=quantiles(timings.claims),
        submit_ms=quantiles(timings.submits),
        accuracy_single=found.accuracy_single,
        accuracy=found.accuracy,
        overlap=saved,
        export=str(file),
        truth=sample.truth_from,
    )
