"""Drafts, submissions and where they came from."""
