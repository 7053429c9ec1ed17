"""The edge: Caddy in front of the services."""
