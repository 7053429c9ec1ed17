"""The `annotary` command, with one more label type of video: that whose check never ends."""

from __future__ import annotations

from pathlib import Path

import annotary.modalities.video
from annotary.cli.main import main

annotary.modalities.video.__path__.append(str(Path(__file__).parent / "endless_label_type"))
main()
