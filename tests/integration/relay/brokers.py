"""Brokers to stop, kill and start: noida-db from its wheel, or a cluster given as `KAFKA_BOOTSTRAP`."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.noida import Noida
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient

from annotary.kernel.ids import new_id

BROKER_SECONDS_MAX = 30.0


class Broker:
    """A broker, and a prefix of topics that nobody else uses."""

    bootstrap: str

    def __init__(self) -> None:
        self.prefix = f"annotary-test-{new_id().hex}"

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        """End it in order: everything acknowledged is there when it is started again."""
        raise NotImplementedError

    def kill(self) -> None:
        """End it at once."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave nothing behind."""

    @property
    def loses(self) -> bool:
        """Whether `kill` loses what was acknowledged since `stop`."""
        return False

    def await_answer(self) -> None:
        """Wait until it answers what a client asks."""
        deadline = time.monotonic() + BROKER_SECONDS_MAX
        while True:
            with contextlib.suppress(KafkaException):
                AdminClient(self._quiet()).list_topics(timeout=1)
                return
            assert time.monotonic() < deadline, f"{self.bootstrap} does not answer"

    def delete(self, topic: str) -> None:
        """Take a topic away with all that it holds."""
        admin = AdminClient(self._quiet())
        admin.delete_topics([topic])[topic].result(BROKER_SECONDS_MAX)
        while topic in admin.list_topics(timeout=5).topics:
            time.sleep(0.05)

    def ends(self, topic: str) -> dict[int, int]:
        """Return the end of each partition; none while there is no such topic."""
        with self._reader() as reader:
            found = reader.list_topics(timeout=BROKER_SECONDS_MAX).topics.get(topic)
            return {
                number: reader.get_watermark_offsets(TopicPartition(topic, number), timeout=10)[1]
                for number in (found.partitions if found else ())
            }

    def records(self, topic: str) -> list[Message]:
        """Return all that a topic holds, each partition in its order."""
        left = {number: end for number, end in self.ends(topic).items() if end}
        found: list[Message] = []
        with self._reader() as reader:
            reader.assign([TopicPartition(topic, number, 0) for number in left])
            deadline = time.monotonic() + BROKER_SECONDS_MAX
            while left:
                assert time.monotonic() < deadline, f"not all could be read: {left}"
                for record in reader.consume(1000, timeout=0.5):
                    assert record.error() is None, record.error()
                    found.append(record)
                    if record.offset() + 1 >= left.get(record.partition(), 1 << 62):
                        del left[record.partition()]
        return found

    @contextlib.contextmanager
    def _reader(self) -> Iterator[Consumer]:
        reader = Consumer({**self._quiet(), "group.id": new_id().hex, "enable.auto.commit": False})
        try:
            yield reader
        finally:
            reader.close()

    def _quiet(self) -> dict[str, object]:
        return {"bootstrap.servers": self.bootstrap, "log_level": 0}


class Embedded(Broker):
    """noida-db. It saves what it holds about once a second, and what a kill loses would be a matter of luck:
    here it is always all since it was stopped.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._data, self._stopped = folder / "data", folder / "stopped"
        self._server = Noida(folder)
        self.bootstrap = self._server.bootstrap

    @property
    def loses(self) -> bool:
        return True

    def start(self) -> None:
        self._server.start()
        self.await_answer()

    def stop(self) -> None:
        self._server.end()
        shutil.rmtree(self._stopped, ignore_errors=True)
        shutil.copytree(self._data, self._stopped)

    def kill(self) -> None:
        self._server.end(signal.SIGKILL)
        shutil.rmtree(self._data)
        shutil.copytree(self._stopped, self._data)

    def close(self) -> None:
        self._server.end()


class Cluster(Broker):
    """A cluster of somebody's: it is ended and started by the commands that they give, or not at all."""

    def __init__(self, bootstrap: str) -> None:
        super().__init__()
        self.bootstrap = bootstrap

    def start(self) -> None:
        if command := os.environ.get("KAFKA_START"):
            subprocess.run(command, shell=True, check=True)
        self.await_answer()

    def stop(self) -> None:
        self._run("KAFKA_STOP")

    def kill(self) -> None:
        self._run("KAFKA_KILL")

    def close(self) -> None:
        topics = [
            name
            for name in AdminClient(self._quiet()).list_topics(timeout=10).topics
            if name.startswith(self.prefix)
        ]
        for topic in topics:
            self.delete(topic)

    def _run(self, variable: str) -> None:
        if not os.environ.get("KAFKA_START") or not (command := os.environ.get(variable)):
            pytest.skip(
                f"{variable} and KAFKA_START say how to end and start the brokers of {self.bootstrap}"
            )
        subprocess.run(command, shell=True, check=True)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Broker]:
    """Yield a broker that answers, and end it in order."""
    given = os.environ.get("KAFKA_BOOTSTRAP")
    broker: Broker = Cluster(given) if given else Embedded(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.close()
