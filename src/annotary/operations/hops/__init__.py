"""Hops: the stamped hand-offs of a label, from its task's making to what carried it away."""
