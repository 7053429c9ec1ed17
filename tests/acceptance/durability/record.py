"""What must be true of the tables of text after everything that happened: every broken promise is a line."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

# Each returns the rows that break a promise.
BROKEN = {
    "a lease or submission of one member twice on a task": """
        SELECT task_id, member_id FROM text.assignments WHERE state IN ('leased', 'submitted', 'skipped')
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "more people on a task than its overlap": """
        SELECT t.id FROM text.tasks t JOIN text.assignments a ON a.task_id = t.id
        WHERE a.state IN ('leased', 'submitted') GROUP BY t.id HAVING count(*) > t.overlap""",
    "an assignment with two answers": """
        SELECT assignment_id FROM text.submissions GROUP BY 1 HAVING count(*) > 1""",
    "an answer whose assignment does not point at it": """
        SELECT s.id FROM text.submissions s JOIN text.assignments a ON a.id = s.assignment_id
        WHERE a.submission_id IS DISTINCT FROM s.id OR a.state <> 'submitted'""",
    "an assignment that points at no answer": """
        SELECT a.id FROM text.assignments a LEFT JOIN text.submissions s ON s.id = a.submission_id
        WHERE a.state = 'submitted' AND s.id IS NULL""",
    "a task whose counts are not those of its assignments": """
        SELECT t.id FROM text.tasks t LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state = 'leased') AS leased,
                count(*) FILTER (WHERE state = 'submitted') AS answered
            FROM text.assignments a WHERE a.task_id = t.id) AS c ON true
        WHERE t.leased <> c.leased OR t.answered <> c.answered
            OR (t.state = 'done') <> (t.answered >= t.overlap)""",
    "an answer without its one event": """
        SELECT s.id FROM text.submissions s LEFT JOIN text.events e
            ON e.type = 'submission.received' AND e.subject_id = s.task_id
            AND e.data ->> 'submission' = s.id::text
        GROUP BY s.id HAVING count(e.sequence) <> 1""",
    "a finished task without its one event": """
        SELECT t.id FROM text.tasks t LEFT JOIN text.events e ON e.type = 'task.done' AND e.subject_id = t.id
        WHERE t.state = 'done' GROUP BY t.id HAVING count(e.sequence) <> 1""",
    "a finished task with two current outcomes": """
        SELECT task_id FROM text.outcomes WHERE superseded_at IS NULL GROUP BY 1 HAVING count(*) > 1""",
}
WITHOUT_OUTCOME = """
    SELECT count(*) FROM text.tasks t WHERE t.state = 'done'
        AND NOT EXISTS (SELECT 1 FROM text.outcomes o WHERE o.task_id = t.id AND o.superseded_at IS NULL)"""
SUBMISSIONS = """
    SELECT 'sub_' || replace(id::text, '-', '') AS id,
        'asg_' || replace(assignment_id::text, '-', '') AS assignment,
        answer -> 'classification' -> 0 ->> 'label' AS label
    FROM text.submissions WHERE project_id = $1::uuid"""
DRAFTS = """
    SELECT 'task_' || replace(task_id::text, '-', '') AS task,
        answer -> 'classification' -> 0 ->> 'label' AS label
    FROM text.drafts JOIN text.tasks t ON t.id = task_id WHERE t.project_id = $1::uuid"""


def broken_promises(url: str) -> list[str]:
    """Return a line for each promise that the tables break."""
    return [
        f"{promise}: {len(rows)} times, such as {dict(rows[0])}"
        for promise, query in BROKEN.items()
        if (rows := read(url, query))
    ]


def read(url: str, query: str, *arguments: Any) -> list[Any]:
    """Return the rows of a query."""

    async def run() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(query, *arguments))
        finally:
            await connection.close()

    return asyncio.run(run())
