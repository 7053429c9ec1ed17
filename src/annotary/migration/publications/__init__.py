"""Versions on their way to the projects of their ontology: checked, tried, given to all, or taken back."""
