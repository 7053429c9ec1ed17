"""Tests of the checks on ontology definitions."""
