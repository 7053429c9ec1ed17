"""Limits of kernel: names and messages."""

FOUND_CHARACTERS_MAX = 200
