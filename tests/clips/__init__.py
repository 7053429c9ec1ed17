"""Clips that say in their pixels which frame is which, made on the spot by every codec and container."""
