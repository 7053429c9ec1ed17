"""Stored predictions and the suggestions made of them."""
