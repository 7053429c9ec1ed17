"""Durable subscriptions: programs outside that follow the log by name, with their positions kept here."""
