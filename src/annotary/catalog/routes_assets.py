"""HTTP of assets and of uploads in chunks."""

from __future__ import annotations

from typing import Annotated, Any, cast

from litestar import HttpMethod, Response, get, post, put, route
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody
from litestar.response import Redirect, Stream

from annotary.catalog import references, rules, service_assets, service_uploads
from annotary.catalog.values import (
    AssetView,
    ChunkView,
    FinalHash,
    NewReference,
    NewUpload,
    SignedAddress,
    UploadView,
)
from annotary.identity import rules as access
from annotary.identity.service import authenticate
from annotary.identity.values import Role
from annotary.infra.http import Request, database, write
from annotary.infra.objects import Objects
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.settings import Settings
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import parse_id


def objects(request: Request) -> Objects:
    """Return the object store."""
    return cast(Objects, request.app.state.objects)


def settings(request: Request) -> Settings:
    """Return the settings."""
    return cast(Settings, request.app.state.settings)


@post("/v1/assets")
async def add_asset(request: Request) -> Response[AssetView]:
    """Store the body's bytes as an asset (at most 16 MiB; larger files go by uploads). For managers.

    The same bytes are the same asset: 201 when they are new to the organisation, else 200.
    """
    caller = await authenticate(request)
    access.require_role(caller, Role.MANAGER)
    data = await request.body()
    if not data:
        raise Invalid(path="/", found="no bytes", expected="the bytes of the asset")
    media_type = rules.read_media_type(request.headers.get("content-type"), "Content-Type")
    digest, probed = await service_assets.keep_object(objects(request), data, media_type)
    return await write(
        request,
        caller.member_id,
        lambda uow: service_assets.add_asset(
            uow, caller, digest, len(data), probed, "stored", rules.asset_key(digest)
        ),
        status=201,
    )


@post("/v1/assets/reference")
async def add_reference(request: Request, data: JSONBody[NewReference]) -> Response[AssetView]:
    """Make an asset of a file on the server or of a public address; its bytes stay there. For managers."""
    caller = await authenticate(request)
    access.require_role(caller, Role.MANAGER)
    found = await references.look_at(data, settings(request).asset_roots)
    await service_assets.keep_frames(objects(request), found.digest, found.probed)
    return await write(
        request,
        caller.member_id,
        lambda uow: service_assets.add_asset(uow, caller, *found),
        status=201,
    )


@get("/v1/assets/{hash:str}")
async def read_asset(request: Request, hash: FromPath[str]) -> AssetView:
    """Return what is known of an asset. For managers: annotators get it with the task."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_assets.read_asset(uow, caller, hash)


@get("/v1/assets/{hash:str}/url")
async def sign_address(request: Request, hash: FromPath[str]) -> SignedAddress:
    """Return an address that serves the asset's bytes for an hour, without a token. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_assets.sign_address(uow, caller, settings(request).signing_key, hash)


@route("/v1/assets/{hash:str}/content", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def read_content(
    request: Request,
    hash: FromPath[str],
    organisation: FromQuery[str],
    expires: FromQuery[str],
    signature: FromQuery[str],
    bytes_range: Annotated[str | None, HeaderParameter(name="Range")] = None,
) -> Response[Any]:
    """Serve an asset's bytes, or a range of them, to whoever has a signed address."""
    now_seconds = system_clock().timestamp()
    key = settings(request).signing_key
    organisation_id = rules.check_asset_url(key, organisation, hash, expires, signature, now_seconds)
    async with database(request).connection() as uow:
        row = await service_assets.find_asset(uow, organisation_id, hash)
    if row["source"] == "url":
        return Redirect(row["location"], status_code=307)
    headers = rules.content_headers(hash, row["media_type"])
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    return await _content(request, row, bytes_range, headers)


async def _content(
    request: Request, row: Row, bytes_range: str | None, headers: dict[str, str]
) -> Response[Any]:
    size_bytes = row["size_bytes"]
    try:
        asked = rules.read_range(bytes_range, size_bytes)
    except rules.UnsatisfiableRange:
        return Response(b"", status_code=416, headers={"Content-Range": f"bytes */{size_bytes}"})
    start, end = asked or (0, size_bytes)
    headers["Content-Length"] = str(end - start)
    if asked is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size_bytes}"
    code = 200 if asked is None else 206
    if request.method == "HEAD":
        return Response(b"", status_code=code, headers=headers, media_type=row["media_type"])
    if row["source"] == "path":
        pieces = await references.stream_path(row, settings(request).asset_roots, start, end)
    else:
        pieces = objects(request).stream(row["location"], start, end)
    return Stream(pieces, status_code=code, headers=headers, media_type=row["media_type"])


@post("/v1/uploads")
async def begin_upload(request: Request, data: JSONBody[NewUpload]) -> Response[UploadView]:
    """Begin an upload: the reply says how long chunks are and how many. For managers."""
    caller = await authenticate(request)
    return await write(
        request, caller.member_id, lambda uow: service_uploads.begin(uow, caller, data), status=201
    )


@get("/v1/uploads/{upload:str}")
async def read_upload(request: Request, upload: FromPath[str]) -> UploadView:
    """Return an upload and which of its chunks are in: what is not is to be sent."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_uploads.read(uow, caller, parse_id("upload", upload))


@put("/v1/uploads/{upload:str}/chunks/{number:int}")
async def put_chunk(request: Request, upload: FromPath[str], number: FromPath[int]) -> Response[ChunkView]:
    """Send the bytes of a chunk, in any order, as often as needed."""
    caller = await authenticate(request)
    access.require_role(caller, Role.MANAGER)
    upload_id, data = parse_id("upload", upload), await request.body()
    async with database(request).connection() as uow:
        row = await service_uploads.find_open(uow, caller, upload_id)
    digest = await service_uploads.keep_chunk(objects(request), row, number, data)

    async def note(uow: UnitOfWork) -> ChunkView:
        return await service_uploads.put_chunk(uow, caller, upload_id, number, len(data), digest)

    return await write(request, caller.member_id, note)


@post("/v1/uploads/{upload:str}/complete")
async def complete_upload(
    request: Request, upload: FromPath[str], data: JSONBody[FinalHash | None] = None
) -> Response[AssetView]:
    """Join the chunks into an asset. A wrong hash is refused, with both hashes, and the upload stays open."""
    caller = await authenticate(request)
    upload_id, given = parse_id("upload", upload), data.blake3 if data else None
    joined = await service_uploads.join(database(request), caller, objects(request), upload_id, given)
    response = await write(
        request,
        caller.member_id,
        lambda uow: service_uploads.complete(uow, caller, upload_id, given, joined),
        status=201,
    )
    await service_uploads.drop_chunks(database(request), objects(request), upload_id)
    return response


ROUTES = [
    add_asset,
    add_reference,
    read_asset,
    sign_address,
    read_content,
    begin_upload,
    read_upload,
    put_chunk,
    complete_upload,
]
