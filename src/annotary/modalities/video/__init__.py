"""Label types for video clips."""
