"""Webhooks: receivers outside are told of events, each at its own pace, until each has answered."""
