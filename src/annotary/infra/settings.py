"""Settings: where things are. Read once from the environment, then passed as a value."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from annotary.infra.kafka import Kafka
from annotary.kernel.errors import Invalid
from annotary.kernel.limits import DISK_FREE_BYTES_MIN

MODALITIES = ("text", "image", "video")
SERVICES = ("platform", *MODALITIES)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a process must be told. `ports` are those of the services, on `host`."""

    data_dir: Path = Path("annotary-data")
    host: str = "127.0.0.1"
    ports: dict[str, int] = {}
    edge_port: int = 0
    database_urls: dict[str, str] = {}
    objects_url: str = ""
    signing_key: bytes = b""
    asset_roots: tuple[Path, ...] = ()
    disk_free_bytes_min: int = DISK_FREE_BYTES_MIN
    otlp_endpoint: str = ""
    log_level: str = "info"
    domain: str = ""
    starter: bool = True
    kafka: Kafka = Kafka()
    # What webhooks may reach although it is not public.
    webhook_private_networks: tuple[str, ...] = ()

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, *, data_dir: Path | None = None
    ) -> Settings:
        """Read `ANNOTARY_*` variables. `data_dir` (an option of the command line) wins over the variable."""
        env = os.environ if environment is None else environment
        shared = env.get("ANNOTARY_DATABASE_URL", "")
        urls = {name: env.get(f"ANNOTARY_{name.upper()}_DATABASE_URL", shared) for name in SERVICES}
        return cls(
            data_dir=(data_dir or Path(env.get("ANNOTARY_DATA_DIR", "annotary-data"))).absolute(),
            ports={name: _number(env, f"ANNOTARY_{name.upper()}_PORT", 0) for name in (*SERVICES, "worker")},
            edge_port=_number(env, "ANNOTARY_PORT", 0),
            database_urls={name: url for name, url in urls.items() if url},
            objects_url=env.get("ANNOTARY_OBJECTS_URL", ""),
            signing_key=env.get("ANNOTARY_SIGNING_KEY", "").encode(),
            asset_roots=tuple(
                Path(part) for part in env.get("ANNOTARY_ASSET_ROOTS", "").split(os.pathsep) if part
            ),
            disk_free_bytes_min=_number(env, "ANNOTARY_DISK_FREE_BYTES_MIN", DISK_FREE_BYTES_MIN),
            otlp_endpoint=env.get("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
            log_level=env.get("ANNOTARY_LOG_LEVEL", "info"),
            domain=env.get("ANNOTARY_DOMAIN", ""),
            starter=env.get("ANNOTARY_STARTER", "").lower() not in ("0", "no", "off", "false"),
            kafka=Kafka.from_environment(env),
            webhook_private_networks=_networks(env, "ANNOTARY_WEBHOOK_PRIVATE_NETWORKS"),
        )

    @property
    def url(self) -> str:
        """Where people reach the installation; empty while no port was chosen for the edge."""
        if self.domain:
            return f"https://{self.domain}"
        return f"http://{self.host}:{self.edge_port}" if self.edge_port else ""

    def welcome_url(self, token: str) -> str | None:
        """Return a link that signs its holder in; the token is behind the `#`, where no server sees it."""
        return f"{self.url}/welcome#token={token}" if self.url else None

    @property
    def objects(self) -> str:
        """The URL of the object store: a folder in the data folder unless one is set."""
        return self.objects_url or f"file://{self.data_dir / 'objects'}"


def _networks(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the networks between commas; raises Invalid."""
    parts = tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())
    for part in parts:
        try:
            ipaddress.ip_network(part)
        except ValueError:
            expected = "networks between commas, such as 10.1.0.0/16,127.0.0.0/8"
            raise Invalid(path=name, found=part, expected=expected, hint="Correct the variable.") from None
    return parts


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise Invalid(
            path=name, found=text, expected="a whole number", hint="Correct the variable."
        ) from None
