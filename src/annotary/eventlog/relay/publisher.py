"""One idempotent producer of one topic. Its calls block, so they are made in a thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from annotary.eventlog.relay.errors import BrokerAway, EventRefused, RecordsLost
from annotary.eventlog.relay.rules import acknowledged
from annotary.eventlog.relay.values import Message
from annotary.infra.kafka import Kafka, kafka_client
from annotary.kernel.limits import (
    RELAY_ACK_SECONDS_MAX,
    RELAY_ANSWER_SECONDS_MAX,
    RELAY_EVENTS_MAX,
    RELAY_STOP_SECONDS_MAX,
)

LOOK_SECONDS = 0.1
PRODUCER = {
    "acks": "all",
    "enable.idempotence": True,
    # Nothing is given up on one by one, or what follows would overtake it: a run ends as a whole.
    "message.timeout.ms": 0,
    # Batches fill while a run is handed over; its end sends the rest at once (`flush` does not linger).
    "linger.ms": 200,
    "queue.buffering.max.messages": 2 * RELAY_EVENTS_MAX,
    # Java's: who joins our topics with their own by task finds both in the same partition.
    "partitioner": "murmur2_random",
    # Long enough to notice that the broker was away before it is back: then its end is looked at first.
    "reconnect.backoff.ms": 1000,
    "reconnect.backoff.max.ms": 1000,
    "log_level": 0,
}


class Publisher:
    """Makes the topic where that is allowed, publishes runs, and tells where the partitions end.

    After any error it is of no use any more: close it, look at the ends with another, and go on from there.
    That keeps the order of each key: what a producer left in a topic is the beginning of what it was given.
    """

    def __init__(self, kafka: Kafka, topic: str, ending: Callable[[], bool]) -> None:
        self._client = kafka_client()
        self._kafka = kafka
        self._topic = topic
        self._ending = ending
        self._trouble: Any = None
        known = {**kafka.configuration(), "log_level": 0}
        given = {**known, **PRODUCER, "compression.type": kafka.compression, "error_cb": self._troubled}
        try:
            self._producer = self._client.Producer(given)
            self._admin = self._client.admin.AdminClient(known)
        except (self._client.KafkaException, ValueError) as error:
            raise BrokerAway(f"Kafka's client refuses its settings: {_reason(error)}.") from None
        self._partitions = 0

    def open(self) -> None:
        """Make the topic if it is not there and that is allowed; raises `BrokerAway` when there is none."""
        refused = self._create() if self._kafka.create_topics else "ANNOTARY_KAFKA_CREATE_TOPICS says no"
        # Asked for like this, no broker makes the topic by itself.
        wanted = self._client.TopicCollection([self._topic])
        asked = self._admin.describe_topics(wanted, request_timeout=RELAY_ANSWER_SECONDS_MAX)
        try:
            found = asked[self._topic].result(RELAY_ANSWER_SECONDS_MAX)
        except (self._client.KafkaException, TimeoutError) as error:
            reasons = f"{_reason(error)}; none was made: {refused or 'it should be there soon'}"
            raise BrokerAway(f"There is no topic {self._topic!r}: {reasons}.") from None
        self._partitions = len(found.partitions)

    def _create(self) -> str:
        wanted = self._client.admin.NewTopic(self._topic, self._kafka.partitions, self._kafka.replication)
        [made] = self._admin.create_topics([wanted], request_timeout=RELAY_ANSWER_SECONDS_MAX).values()
        try:
            made.result(timeout=RELAY_ANSWER_SECONDS_MAX)
        except (self._client.KafkaException, TimeoutError) as error:
            return _reason(error)
        return ""

    def ends(self) -> tuple[int, ...]:
        """Return the offset behind the last record of each partition."""
        latest = self._client.admin.OffsetSpec.latest()
        wanted = {
            self._client.TopicPartition(self._topic, number): latest for number in range(self._partitions)
        }
        answers = self._asked(
            lambda: self._admin.list_offsets(wanted, request_timeout=RELAY_ANSWER_SECONDS_MAX)
        )
        ends = {
            place.partition: self._asked(partial(answer.result, RELAY_ANSWER_SECONDS_MAX)).offset
            for place, answer in answers.items()
        }
        return tuple(ends[number] for number in range(self._partitions))

    def publish(self, messages: Sequence[Message], reached: Sequence[int]) -> tuple[int, ...]:
        """Return the offsets reached once every message is acknowledged.

        Raises `BrokerAway`, `EventRefused` (by the broker: one of them), or `RecordsLost` when an
        acknowledgement gives an offset that was given before.
        """
        self._producer.poll(0)
        self._raise_trouble()
        run = _Run(len(messages), self._client.KafkaError)
        for message in messages:
            self._hand_over(message, run)
        self._await(run)
        after, again = acknowledged(reached, run.acks)
        if again:
            raise RecordsLost(tuple(again.get(partition, offset) for partition, offset in enumerate(reached)))
        return after

    def close(self) -> None:
        """Drop what was not acknowledged: whoever follows begins with it."""
        self._producer.purge()
        self._producer.poll(0)
        del self._producer, self._admin

    def _hand_over(self, message: Message, run: _Run) -> None:
        while True:
            try:
                self._producer.produce(
                    self._topic,
                    value=message.value,
                    key=message.key,
                    headers=message.headers,
                    on_delivery=run.delivered,
                )
                return
            except BufferError:
                self._producer.poll(LOOK_SECONDS)
                self._raise_trouble()
            except self._client.KafkaException as error:
                if error.args[0].code() == self._client.KafkaError.MSG_SIZE_TOO_LARGE:
                    raise EventRefused(f"{len(message.value)} bytes are too many for Kafka.") from None
                raise BrokerAway(f"Kafka's client takes no more: {_reason(error)}.") from None

    def _await(self, run: _Run) -> None:
        deadline = time.monotonic() + RELAY_ACK_SECONDS_MAX
        while run.waiting:
            try:
                self._producer.flush(LOOK_SECONDS)
            except self._client.KafkaException as error:
                raise BrokerAway(f"The producer cannot go on: {_reason(error)}.") from None
            self._raise_trouble()
            if self._ending():
                deadline = min(deadline, time.monotonic() + RELAY_STOP_SECONDS_MAX)
            if time.monotonic() > deadline:
                raise BrokerAway(f"{run.waiting} of {run.size} events have no acknowledgement.")
        if run.refused:
            raise EventRefused(f"The broker refused: {run.refused}.")
        if run.failed:
            raise BrokerAway(f"Events were not taken: {run.failed}.")

    def _asked(self, question: Callable[[], Any]) -> Any:
        try:
            return question()
        except (self._client.KafkaException, TimeoutError) as error:
            raise BrokerAway(f"{BrokerAway.__doc__} It said: {_reason(error)}.") from None

    def _troubled(self, error: Any) -> None:
        serious = (self._client.KafkaError._ALL_BROKERS_DOWN, self._client.KafkaError._AUTHENTICATION)
        if error.fatal() or error.code() in serious:
            self._trouble = error

    def _raise_trouble(self) -> None:
        if self._trouble is not None:
            raise BrokerAway(f"{BrokerAway.__doc__} It said: {self._trouble.str()}.")


class _Run:
    """What came back for the messages of one run."""

    def __init__(self, size: int, kafka_error: Any) -> None:
        self.size = self.waiting = size
        self.acks: list[tuple[int, int]] = []
        self.refused = self.failed = ""
        self._final = (kafka_error.MSG_SIZE_TOO_LARGE, kafka_error.INVALID_MSG, kafka_error.INVALID_RECORD)

    def delivered(self, error: Any, message: Any) -> None:
        self.waiting -= 1
        if error is None:
            # A retry that the broker knew already is acknowledged without its offset.
            if message.offset() is not None and message.offset() >= 0:
                self.acks.append((message.partition(), message.offset()))
        elif error.code() in self._final:
            self.refused = error.str()
        else:
            self.failed = error.str()


def _reason(error: BaseException) -> str:
    inner = error.args[0] if error.args else error
    return inner.str() if hasattr(inner, "str") else str(inner) or type(error).__name__
