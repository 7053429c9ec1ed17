"""Live connections: what a browser's tab hears as it happens, and who is present on a project."""
