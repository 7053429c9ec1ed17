"""`annotary events tail --kafka`: what is in the topics, for whoever sets up a consumer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.kernel.errors import Malformed, Unavailable
from annotary.kernel.limits import RELAY_ANSWER_SECONDS_MAX

if TYPE_CHECKING:
    from annotary.client.streams import Event
    from annotary.infra.kafka import Kafka

LOOK_SECONDS = 0.5
RECORDS_AT_ONCE = 500
KafkaOption = Annotated[
    bool, typer.Option("--kafka", help="Read Kafka's topics ($ANNOTARY_KAFKA_BOOTSTRAP), not the platform.")
]


def or_from_kafka(tail: Callable[[Iterator[Event], bool], None]) -> Callable[..., Any]:
    """Give a command that tails the platform the option `--kafka`, by which `tail` prints the topics."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(*, kafka: bool, **given: Any) -> None:
            if kafka:
                tail(_asked(given), given["json"])
            else:
                command(**given)

        shown = signature(command)
        option = Parameter("kafka", Parameter.KEYWORD_ONLY, default=False, annotation=KafkaOption)
        # Typer reads the options here.
        run.__signature__ = shown.replace(parameters=[*shown.parameters.values(), option])  # type: ignore[attr-defined]
        run.__annotations__ = {}
        return run

    return decorate


def tail_kafka(
    kafka: Kafka,
    services: Sequence[str],
    *,
    types: Sequence[str] = (),
    since: datetime | None = None,
    only_new: bool = False,
    follow: bool = False,
) -> Iterator[Event]:
    """Yield the events in the topics of services, each key in its order, as often as they are there.

    `types` are prefixes. Without `follow` it ends with what was there when it began. `cursor` of an event is
    its topic, partition and offset. Raises `Unavailable` where the cluster does not answer.
    """
    from annotary.infra.kafka import kafka_client

    client = kafka_client()
    reader = client.Consumer(
        {**kafka.configuration(), "group.id": "annotary-tail", "enable.auto.commit": False, "log_level": 0}
    )
    try:
        places, ends = _places(client, reader, [kafka.topic(one) for one in services], since, only_new)
        reader.assign(places)
        while follow or ends:
            for record in reader.consume(RECORDS_AT_ONCE, timeout=LOOK_SECONDS):
                if record.error() is None:
                    yield from _wanted(record, tuple(types), since)
                    if record.offset() + 1 >= ends.get(
                        (record.topic(), record.partition()), record.offset() + 2
                    ):
                        del ends[record.topic(), record.partition()]
    except client.KafkaException as error:
        raise Unavailable(f"{kafka.bootstrap}: Kafka does not answer: {error.args[0].str()}.") from None
    finally:
        reader.close()


def _asked(given: dict[str, Any]) -> Iterator[Event]:
    from annotary.cli.events import begin, services_of
    from annotary.infra.settings import MODALITIES, Settings

    settings = Settings.from_environment(data_dir=given["data_dir"])
    if not settings.kafka.bootstrap:
        raise Malformed("ANNOTARY_KAFKA_BOOTSTRAP: found nothing, expected the addresses of Kafka's brokers.")
    if given["project"]:
        raise Malformed("--project: topics are by modality: take --service, and filter what comes.")
    asked = begin(given["since"])
    return tail_kafka(
        settings.kafka,
        services_of(given["service"], None) if given["service"] else MODALITIES,
        types=[part.strip() for part in given["types"].split(",") if part.strip()],
        since=asked.get("since"),
        only_new="cursor" in asked,
        follow=given["follow"],
    )


def _places(
    client: Any, reader: Any, topics: Sequence[str], since: datetime | None, only_new: bool
) -> tuple[list[Any], dict[tuple[str, int], int]]:
    """Return where to begin in each partition, and by partition the end of what is there and wanted."""
    known = reader.list_topics(timeout=RELAY_ANSWER_SECONDS_MAX).topics
    missing = [topic for topic in topics if topic not in known]
    if len(missing) == len(topics):
        raise Unavailable(f"Kafka has none of the topics {', '.join(topics)}: does the relay run?")
    places, ends = [], {}
    for topic in (topic for topic in topics if topic in known):
        for number in known[topic].partitions:
            place = client.TopicPartition(topic, number)
            first, end = reader.get_watermark_offsets(place, timeout=RELAY_ANSWER_SECONDS_MAX)
            place.offset = end if only_new else first
            if since is not None:
                asked = client.TopicPartition(topic, number, int(since.timestamp() * 1000))
                [found] = reader.offsets_for_times([asked], timeout=RELAY_ANSWER_SECONDS_MAX)
                # None so late is answered with a number below zero.
                place.offset = found.offset if found.offset >= 0 else end
            places.append(place)
            if place.offset < end:
                ends[topic, number] = end
    return places, ends


def _wanted(record: Any, types: tuple[str, ...], since: datetime | None) -> Iterator[Event]:
    import msgspec

    from annotary.client.streams import Event

    event = msgspec.json.decode(record.value(), type=Event)
    if (not types or event.type.startswith(types)) and (since is None or event.time >= since):
        cursor = f"{record.topic()}/{record.partition()}/{record.offset()}"
        yield msgspec.structs.replace(event, cursor=cursor)
