"""Lineage: the chain behind an outcome, step by step, each with the events that prove it."""
