"""Measurements of the product beside their goals; `python -m bench NAME` makes one of them."""
