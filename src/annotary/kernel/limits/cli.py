"""Limits of cli: the command line."""

from annotary.kernel.limits.sizes import GIBIBYTE

ANSWER_TABLE_BYTES_MAX = 1 * GIBIBYTE
