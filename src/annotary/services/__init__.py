"""Composition roots: wiring and nothing else."""
