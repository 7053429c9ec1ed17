"""Adapters that know no area: Postgres, HTTP, objects, settings, telemetry, embedded servers."""
