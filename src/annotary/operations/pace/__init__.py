"""Pace: how many answers came in, by hour and person."""
