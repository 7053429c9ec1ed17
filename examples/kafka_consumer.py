"""Follows Annotary's topics in Kafka and applies each event exactly once, in SQLite.

    pip install confluent-kafka
    python kafka_consumer.py 127.0.0.1:9092 labels.sqlite annotary.text annotary.image

Kafka delivers at least once: again after a crash, a rebalance, or when a broker lost records. What makes an
effect happen once is the consumer's own database: an event's id and its effect commit together, and the
offsets only after that.
"""

from __future__ import annotations

import json
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from typing import Any

from confluent_kafka import Consumer, Message

TABLES = """
CREATE TABLE IF NOT EXISTS applied_events (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subjects (subject TEXT PRIMARY KEY, events INTEGER NOT NULL, latest TEXT NOT NULL);
"""
Apply = Callable[[sqlite3.Connection, dict[str, Any]], None]


def tally(database: sqlite3.Connection, event: dict[str, Any]) -> None:
    """The effect: count the events of a task, and remember the latest. Put yours here."""
    database.execute(
        "INSERT INTO subjects VALUES (?, 1, ?)"
        " ON CONFLICT (subject) DO UPDATE SET events = events + 1, latest = excluded.latest",
        (event["subject"], event["type"]),
    )


def apply_once(database: sqlite3.Connection, messages: Sequence[Message], apply: Apply) -> int:
    """Apply those of the messages that were not applied before; all in one transaction. Returns how many."""
    applied = 0
    with database:
        for message in messages:
            if message.error():
                continue
            event_id = dict(message.headers())["id"].decode()
            new = database.execute("INSERT OR IGNORE INTO applied_events VALUES (?)", (event_id,)).rowcount
            if new:
                apply(database, json.loads(message.value()))
                applied += 1
    return applied


def follow(
    bootstrap: str,
    topics: Sequence[str],
    database: sqlite3.Connection,
    apply: Apply = tally,
    going_on: Callable[[], bool] = lambda: True,
    group: str = "labels",
) -> None:
    """Apply what comes, while `going_on`. Start more of these to share the tasks."""
    database.executescript(TABLES)
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": group,
            # Offsets are committed below, after the effects.
            "enable.auto.commit": False,
            # A broker that lost records ends before what was read: then all is read again, and applied once.
            "auto.offset.reset": "earliest",
            # A topic that is made later is found soon.
            "topic.metadata.refresh.interval.ms": 5000,
        }
    )
    consumer.subscribe(list(topics))
    try:
        while going_on():
            messages = consumer.consume(500, timeout=0.5)
            apply_once(database, messages, apply)
            if any(not message.error() for message in messages):
                # A commit that fails only means that some come again.
                consumer.commit(asynchronous=True)
    finally:
        consumer.close()


if __name__ == "__main__":
    stopped: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: stopped.append(number))
    follow(sys.argv[1], sys.argv[3:], sqlite3.connect(sys.argv[2]), going_on=lambda: not stopped)
