"""Limits of submissions: drafts and submissions."""

from annotary.kernel.limits.sizes import KIBIBYTE, MEBIBYTE

# Answers
ANSWER_BYTES_MAX = 8 * MEBIBYTE
SECONDS_SPENT_MAX = 30 * 24 * 3600.0

# Managing tasks
LEASE_CONTEXTS_MAX = 20_000
LEASE_CONTEXT_PAYLOAD_BYTES_MAX = 4 * KIBIBYTE
ANSWER_BYTES_AT_ONCE_MAX = 32 * KIBIBYTE
