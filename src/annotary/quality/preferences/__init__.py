"""Preferences: from votes between two players to strengths, and the skill of the judges."""
