"""Organisations, members, roles and tokens: who may do what."""
