"""Whether the record was changed: verification of the log and of table rows, export, redaction, lineage."""
