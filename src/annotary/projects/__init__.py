"""Projects, who is on them, and their instructions: the work done on items."""
