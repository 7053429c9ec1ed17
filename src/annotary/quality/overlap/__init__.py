"""Dynamic overlap: whether one more answer to a task is worth its price."""
