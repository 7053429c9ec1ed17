"""Outcomes as lines of JSON: whole ones, or preferences as trainers read them."""

from __future__ import annotations

from contextlib import aclosing

from annotary.formats.export_output import Output
from annotary.formats.export_source import QUERIES, Source


async def write_jsonl(source: Source, output: Output, include_submissions: bool) -> None:
    """Write a line for each outcome, sorted by task:

    `{"task", "unique_id", "item", "answer", "confidence", "aggregator", "confidences"?, "agreement",
    "ontology_version", "submissions": [ids], "answers"?: [{"submission", "member", "answer", "seconds",
    "received_at"}]}`; `confidences` where the outcome has parts: how sure each is, by tool.
    """
    counts = source.counts
    async with aclosing(source.chunks()) as chunks:
        async for chunk in chunks:
            written = await source.lines(QUERIES.jsonl_lines, chunk, output.write, include_submissions)
            counts.tasks += written
            counts.deleted += chunk.tasks - written


async def write_preferences(source: Source, output: Output) -> None:
    """Write a line for each task with a winner: `{"prompt", "chosen", "rejected", ...}`."""
    counts = source.counts
    async with aclosing(source.chunks()) as chunks:
        async for chunk in chunks:
            deleted = await source.deleted_in(chunk)
            written = await source.lines(QUERIES.preference_lines, chunk, output.write)
            counts.tasks += written
            counts.deleted += deleted
            counts.undecided += chunk.tasks - deleted - written
