"""The platform's application with people of every kind, and browsers to sign in with."""

from __future__ import annotations

from integration.platform.conftest import people, settings

__all__ = ["people", "settings"]
