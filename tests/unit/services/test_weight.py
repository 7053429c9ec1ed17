"""What is preloaded before services are forked: every process pays for it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "av")
PRELOADED = "annotary.services.platform, annotary.services.modality, annotary.services.worker"


def test_services_begin_without_what_only_some_of_their_work_needs() -> None:
    asked = f"import sys, {PRELOADED}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert not found.stdout.split()
