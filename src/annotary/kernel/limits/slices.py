"""Limits of slices: filters, what one look returns, what is done to all that match."""

SLICES_PER_PROJECT_MAX = 500
FILTER_VALUES_MAX = 100
FILTER_TASKS_MAX = 10_000
FILTER_TEXT_CHARACTERS_MAX = 500
# Rows between two anchors of a look: as many as one request for rows returns.
LOOK_ANCHOR_ROWS = 200
LOOK_TEXT_CHARACTERS_MAX = 240
LOOK_TOLD_WORDS_MAX = 12
LOOK_LABELS_COUNTED_MAX = 200
FACETS_REST_SECONDS = 0.5
FACETS_TASKS_PER_STEP = 1_000
SLICE_TASKS_PER_ACTION_MAX = 1_000
# Words of longer items are not searched: the index has no room for them.
SEARCHED_ITEM_BYTES_MAX = 200_000
# A thumbnail's address is the same for so long, so that a browser keeps it.
THUMBNAIL_ADDRESS_SECONDS = 3_600
ITEM_ANSWERS_SHOWN_MAX = 500
