"""Definitions of other programs, read as ours, each with a report of what is lost on the way."""
