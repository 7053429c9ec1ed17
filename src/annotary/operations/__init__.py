"""How the installation runs: what each label waited for, and later objectives, alerts and incidents."""
