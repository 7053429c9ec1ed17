"""Kafka: where it is and how it is reached; and its client, which an extra brings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from annotary.kernel.errors import AnnotaryError, Invalid
from annotary.kernel.limits import KAFKA_PARTITIONS_MAX

_VARIABLE = "ANNOTARY_KAFKA_"
# Variables that are librdkafka's own settings: `ANNOTARY_KAFKA_SASL_USERNAME` is its `sasl.username`.
_PASSED_ON = re.compile(rf"{_VARIABLE}((?:SECURITY|SASL|SSL)_[A-Z_]+)")


class KafkaMissing(AnnotaryError):
    """Kafka's client is not installed: `pip install 'annotary[kafka]'` brings it (confluent-kafka)."""

    code = "kafka_missing"


class Kafka(msgspec.Struct, frozen=True, kw_only=True):
    """Which cluster, and which topics there. `replication` -1 is the broker's own default; `options` are
    librdkafka's (security, SASL, TLS).
    """

    bootstrap: str = ""
    topic_prefix: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,200}$")] = "annotary"
    create_topics: bool = True
    partitions: Annotated[int, msgspec.Meta(ge=1, le=KAFKA_PARTITIONS_MAX)] = 6
    replication: Annotated[int, msgspec.Meta(ge=-1)] = -1
    compression: str = "zstd"
    options: dict[str, str] = {}

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Kafka:
        """Read `ANNOTARY_KAFKA_BOOTSTRAP` and what belongs to it; an empty variable is an absent one."""
        given: dict[str, Any] = {
            name: env[variable]
            for name in cls.__struct_fields__
            if env.get(variable := f"{_VARIABLE}{name.upper()}")
        }
        passed_on = {found[1]: text for name, text in env.items() if (found := _PASSED_ON.fullmatch(name))}
        given["options"] = {name.lower().replace("_", "."): text for name, text in passed_on.items()}
        try:
            return msgspec.convert(given, cls, strict=False)
        except msgspec.ValidationError as error:
            name = str(error).rpartition("$.")[2].rstrip("`")
            raise Invalid(
                f"{_VARIABLE}{name.upper()}: found {given.get(name)!r}. {error}. Correct the variable."
            ) from None

    def topic(self, service: str) -> str:
        """Return the name of a service's topic."""
        return f"{self.topic_prefix}.{service}"

    def configuration(self) -> dict[str, Any]:
        """Return what every client of the cluster is told."""
        return {"bootstrap.servers": self.bootstrap, "client.id": "annotary", **self.options}


def kafka_client() -> Any:
    """Import and return `confluent_kafka`; raises `KafkaMissing` where its extra is not installed."""
    try:
        import confluent_kafka
        import confluent_kafka.admin
    except ImportError:
        raise KafkaMissing from None
    return confluent_kafka
