"""The edge's configuration is one that Caddy takes, with and without a domain, and says what we promise."""

from __future__ import annotations

import subprocess

import pytest

from annotary.infra.embedded.binaries import caddy_program
from annotary.services.edge.config import edge_config, write_edge_config

PORTS = {name: 9000 + number for number, name in enumerate(("platform", "text", "image", "video", "worker"))}


@pytest.mark.parametrize("domain", ["", "label.example.org"])
def test_caddy_takes_the_configuration(tmp_path, domain):
    config = edge_config(
        host="127.0.0.1", port=8999, domain=domain, ports=PORTS, probe_port=8998, data_dir=tmp_path
    )
    write_edge_config(tmp_path / "edge.json", config)
    done = subprocess.run(
        [caddy_program(), "validate", "--config", tmp_path / "edge.json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    server = config["apps"]["http"]["servers"]["edge"]
    assert server["listen"] == ([":443"] if domain else ["127.0.0.1:8999"])
    assert ("automatic_https" in server) == (not domain)
    assert config["admin"]["disabled"]
