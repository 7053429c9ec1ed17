"""Stored answers brought to another ontology version, corrected, and put back."""
