"""Request bodies, decoded once and strictly from their bytes: `"1"` is no number, for one."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, TypeVar

import msgspec
from litestar.dto import AbstractDTO
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from annotary.kernel.errors import Malformed

T = TypeVar("T")


class Undecodable(Malformed):
    """The body is not JSON in UTF-8."""

    def __init__(self, body: bytes, cause: Exception) -> None:
        self.body, self.cause = body, cause
        reason = "it is nested too deeply" if isinstance(cause, RecursionError) else str(cause)
        super().__init__(f"The body is not valid JSON in UTF-8: {reason}.")


def decode_strictly(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Return the body as the decoder's type; raises Undecodable, or what msgspec says of a wrong type."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable(body, error) from error


class StrictJSON(AbstractDTO[Any]):
    """Decodes `data` with one msgspec decoder a handler.

    The framework's own way decodes to plain objects and converts those leniently: twice the work, and it
    cannot hand an answer through as the bytes it came in.
    """

    _decoders: ClassVar[dict[str, msgspec.json.Decoder[Any]]] = {}

    def decode_bytes(self, value: bytes) -> Any:
        """Return the body as the handler's type; raises msgspec's errors, which `infra.problems` explains."""
        decoder = self._decoders.get(self.asgi_connection.route_handler.handler_id)
        if decoder is None:
            return value
        return decode_strictly(decoder, value)

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Build the decoder of a handler; a handler that takes bytes gets them as they are."""
        if field_definition.name == "data" and field_definition.annotation is not bytes:
            cls._decoders[handler_id] = msgspec.json.Decoder(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        """Describe the body by the handler's own type."""
        schema: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return schema

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        """Not used: bodies are decoded by their own types."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Not used: bodies are decoded by their own types."""
        return False
