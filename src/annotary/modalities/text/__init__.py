"""Label types for texts and conversations."""
