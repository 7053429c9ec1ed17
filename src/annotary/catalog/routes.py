"""HTTP of datasets and items; `ROUTES` has those of assets, uploads and jobs as well."""

from __future__ import annotations

from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.catalog import routes_assets, routes_frames, routes_jobs, service
from annotary.catalog.routes_assets import objects
from annotary.catalog.values import DatasetView, ItemView, NewDataset, NewItem
from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id


@post("/v1/datasets")
async def create_dataset(request: Request, data: JSONBody[NewDataset]) -> Response[DatasetView]:
    """Make a dataset. For managers."""
    caller = await authenticate(request)
    return await write(
        request, caller.member_id, lambda uow: service.create_dataset(uow, caller, data), status=201
    )


@get("/v1/datasets")
async def list_datasets(
    request: Request, limit: FromQuery[int | None] = None, next_token: FromQuery[str | None] = None
) -> Page[DatasetView]:
    """List the datasets of the organisation. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.list_datasets(uow, caller, limit, next_token)


@get("/v1/datasets/{dataset:str}")
async def read_dataset(request: Request, dataset: FromPath[str]) -> DatasetView:
    """Return a dataset. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.read_dataset(uow, caller, parse_id("dataset", dataset))


@delete("/v1/datasets/{dataset:str}", status_code=200)
async def delete_dataset(request: Request, dataset: FromPath[str]) -> Response[DatasetView]:
    """Delete a dataset: nothing more goes in; its items stay until each is deleted. For managers."""
    caller = await authenticate(request)
    dataset_id = parse_id("dataset", dataset)
    return await write(request, caller.member_id, lambda uow: service.delete_dataset(uow, caller, dataset_id))


@post("/v1/datasets/{dataset:str}/items")
async def create_item(
    request: Request, dataset: FromPath[str], data: JSONBody[NewItem]
) -> Response[ItemView]:
    """Make an item (201). The same content under the same unique_id gives the item that is there (200)."""
    caller = await authenticate(request)
    dataset_id = parse_id("dataset", dataset)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.create_item(uow, caller, objects(request), dataset_id, data),
        status=201,
    )


@get("/v1/datasets/{dataset:str}/items")
async def list_items(
    request: Request,
    dataset: FromPath[str],
    unique_id: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[ItemView]:
    """List the items of a dataset, or the one with this unique_id. For managers."""
    caller = await authenticate(request)
    dataset_id = parse_id("dataset", dataset)
    async with database(request).connection() as uow:
        return await service.list_items(uow, caller, dataset_id, unique_id, limit, next_token)


@get("/v1/items/{item:str}")
async def read_item(request: Request, item: FromPath[str]) -> ItemView:
    """Return an item. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.read_item(uow, caller, parse_id("item", item))


@delete("/v1/items/{item:str}", status_code=200)
async def delete_item(request: Request, item: FromPath[str]) -> Response[ItemView]:
    """Erase what annotators saw of an item, everywhere; its id, unique_id and hash stay. For managers."""
    caller = await authenticate(request)
    item_id = parse_id("item", item)
    return await write(request, caller.member_id, lambda uow: service.delete_item(uow, caller, item_id))


ROUTES = [
    create_dataset,
    list_datasets,
    read_dataset,
    delete_dataset,
    create_item,
    list_items,
    read_item,
    delete_item,
    *routes_assets.ROUTES,
    *routes_frames.ROUTES,
    *routes_jobs.ROUTES,
]
