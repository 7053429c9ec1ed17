"""Measures of tracks: how well one set of tracks follows another."""
