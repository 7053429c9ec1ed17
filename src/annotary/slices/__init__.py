"""The data of a project: tasks found by a filter, filters kept as slices, all that is known of an item."""
