"""Batches, tasks and leases: who gets what next."""
