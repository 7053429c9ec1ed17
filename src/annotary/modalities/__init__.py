"""Label types of each medium: how answers are read, checked, compared and merged."""
