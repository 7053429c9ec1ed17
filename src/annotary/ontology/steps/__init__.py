"""Changes of an ontology as typed steps: how they change a definition and the answers given under it."""
