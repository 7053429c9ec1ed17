"""Measures of agreement: how far the answers of different annotators are the same, beyond chance."""
