"""Servers that come as wheels, started as our own children: Postgres and Caddy."""
