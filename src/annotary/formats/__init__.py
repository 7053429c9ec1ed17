"""Importers and exporters, one format a file."""
