"""Tests of the label types: what gets in, what does not, and what several answers make together."""
