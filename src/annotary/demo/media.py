"""Samples of images and clips with published truth, from a folder laid out as `ANNOTARY_SAMPLE_DATA` wants it."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from annotary.demo.bundled import coloured, labels_of
from annotary.demo.people import simulated
from annotary.demo.values import Answer, Sample, SampleItem
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.image.polygon.checking import check_outline

Mark = dict[str, Any]
