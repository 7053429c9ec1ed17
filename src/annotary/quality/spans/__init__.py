"""Text spans of a whole project: several people's marks become one, by a model of how each of them marks."""
