"""Items, assets and datasets."""
