"""Limits of infra: requests, addresses, embedded servers and the machine."""

from annotary.kernel.limits.sizes import MEBIBYTE

# Requests
BODY_BYTES_MAX = 16 * MEBIBYTE
PAGE_ITEMS_MAX = 1_000
PAGE_ITEMS_DEFAULT = 100
IDEMPOTENCY_KEY_CHARACTERS_MAX = 255
ETAG_DIGITS_MAX = 9
REQUESTS_IN_FLIGHT_MAX = 512
REQUESTS_WAITING_MAX = 10_000
REQUESTS_PER_TOKEN_PER_SECOND_MAX = 400
REQUESTS_PER_TOKEN_BURST_MAX = 50
REQUEST_HELD_SECONDS_MAX = 1.0
REQUEST_ID_CHARACTERS_MAX = 128
GROUP_SIZE_MAX = 128

# Storage
DISK_FREE_BYTES_MIN = 256 * MEBIBYTE

# Fetching from an address, and work in a bounded process
URL_CHARACTERS_MAX = 2_000
BOUNDED_CALLS_AT_ONCE_MAX = 2

# What a service remembers
TOKENS_WATCHED_MAX = 10_000

# Starting, stopping and probing processes
POSTGRES_READY_SECONDS_MAX = 120.0
POSTGRES_STOP_SECONDS_MAX = 30.0
POSTGRES_LEFT_OVER_SECONDS_MAX = 15.0
HEALTH_REPLY_BYTES_MAX = 4096

# Giving way
# How far work that nobody waits for gives way (the kernel's nice value).
YIELDING_NICE = 19
TOOK_KEPT_MAX = 8_192

# Kafka
KAFKA_PARTITIONS_MAX = 10_000

# Counts that many ask for
PROGRESS_KEPT_SECONDS_MIN = 2.0
