"""Agreement and consensus: from answers to outcomes."""
