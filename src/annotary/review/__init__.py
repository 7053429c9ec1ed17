"""Second looks at outcomes: reviews and their verdicts, issues, rework, audits."""
