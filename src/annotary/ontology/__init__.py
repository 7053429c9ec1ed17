"""What labels mean: definitions, their immutable versions and their checks."""
