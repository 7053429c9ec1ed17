"""Starting the edge's server as a child of our own."""

from __future__ import annotations

import os
from pathlib import Path

from annotary.infra.embedded import processes
from annotary.infra.embedded.binaries import caddy_program


def start_edge(config_file: Path, data_dir: Path, log: Path) -> int:
    """Start Caddy with a configuration file and return its process id; it is not ready yet."""
    home = data_dir / "edge"
    home.mkdir(mode=0o700, exist_ok=True)
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        # With a thread for every core its idle threads look for work all the time: a fifth of the edge's CPU.
        "GOMAXPROCS": os.environ.get("GOMAXPROCS", str(max(1, (os.cpu_count() or 1) // 2))),
        # Collect garbage less often, within a bound: it is a fifth of the edge's CPU otherwise.
        "GOGC": os.environ.get("GOGC", "400"),
        "GOMEMLIMIT": os.environ.get("GOMEMLIMIT", "160MiB"),
    }
    return processes.execute(
        [caddy_program(), "run", "--config", config_file], log=log, environment=environment
    )
