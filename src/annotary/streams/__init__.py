"""Who is outside and follows the log: lots by cursor, streams, outcomes, subscriptions, webhooks."""
