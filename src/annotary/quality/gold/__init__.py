"""Known answers: tasks that are mixed in unseen, qualification, and feedback in training."""
