"""Runs over a project's outcomes: found anew by an aggregator, and put back as they were."""
