"""Annotary: a self-hosted data engine that turns raw text, images and video into labels a team can trust."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Client", "__version__"]

if TYPE_CHECKING:
    from annotary.client import Client


def __getattr__(name: str) -> Any:
    """Import the client only when it is asked for: services must not pay for its HTTP stack."""
    if name == "Client":
        from annotary.client import Client

        return Client
    raise AttributeError(f"module 'annotary' has no attribute {name!r}")
