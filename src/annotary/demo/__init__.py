"""The demo: a whole installation on sample data with a known truth, labelled by replayed annotators."""
