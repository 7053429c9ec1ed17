"""The Python SDK. It imports nothing of the server and can be taken out and used alone."""

from annotary.client.client import Client
from annotary.client.errors import AnnotaryClientError
from annotary.client.jobs import NewBatch
from annotary.client.retrying import Retries
from annotary.client.values import Assignment

__all__ = ["AnnotaryClientError", "Assignment", "Client", "NewBatch", "Retries"]
