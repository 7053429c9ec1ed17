"""Label types for still images."""
