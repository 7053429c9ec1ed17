"""House rules that a machine can see."""
