"""Datasets and items: make, read, delete. A deleted item's content is erased; the record says it was."""

from __future__ import annotations

from uuid import UUID

import msgspec

from annotary import eventlog
from annotary.catalog import payloads, service_assets
from annotary.catalog.errors import (
    DatasetDeleted,
    DatasetNameTaken,
    ItemExists,
    UnknownAsset,
    UnknownDataset,
    UnknownItem,
)
from annotary.catalog.payloads import MediaPayload, TextPayload
from annotary.catalog.sources import asset_payload
from annotary.catalog.store import QUERIES, dataset_view, item_view
from annotary.catalog.values import DatasetView, ItemView, NewDataset, NewItem, SameItem
from annotary.eventlog import Event
from annotary.identity import rules as access
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.objects import Objects
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.limits import TEXT_INLINE_BYTES_MAX
from annotary.kernel.names import check_name


async def create_dataset(uow: UnitOfWork, caller: Caller, new: NewDataset) -> DatasetView:
    """Make a dataset. For managers."""
    access.require_role(caller, Role.MANAGER)
    name = check_name(new.name)
    row = await uow.fetchrow(
        QUERIES.add_dataset, new_id(), caller.organisation_id, name, new.modality, caller.member_id
    )
    if row is None:
        existing = await one(uow, QUERIES.dataset_named, caller.organisation_id, name)
        raise DatasetNameTaken(path="/name", existing=format_id("dataset", existing["id"]))
    data = {"name": name, "modality": new.modality}
    await eventlog.record(uow, _event(caller, "dataset.created", row["id"], **data))
    return dataset_view(row)


async def dataset_called(uow: UnitOfWork, caller: Caller, name: str, modality: str) -> Row:
    """Return the dataset of this name and modality, making it where there is none."""
    name = check_name(name)
    row = await uow.fetchrow(QUERIES.dataset_named, caller.organisation_id, name)
    if row is None:
        await create_dataset(uow, caller, msgspec.convert({"name": name, "modality": modality}, NewDataset))
        row = await one(uow, QUERIES.dataset_named, caller.organisation_id, name)
    if row["modality"] != modality:
        detail = f"The dataset {name!r} is for {row['modality']}, not {modality}: name another."
        raise DatasetNameTaken(detail, path="/name", existing=format_id("dataset", row["id"]))
    return row


async def list_datasets(
    uow: UnitOfWork, caller: Caller, limit: int | None, next_token: str | None
) -> Page[DatasetView]:
    """Return the organisation's datasets."""
    access.require_role(caller, Role.MANAGER)
    return await page_by_id(
        uow, QUERIES.datasets_page, dataset_view, limit, next_token, caller.organisation_id
    )


async def read_dataset(uow: UnitOfWork, caller: Caller, dataset_id: UUID) -> DatasetView:
    """Return a dataset."""
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.dataset, caller.organisation_id, dataset_id)
    if row is None:
        raise UnknownDataset
    return dataset_view(row)


async def delete_dataset(uow: UnitOfWork, caller: Caller, dataset_id: UUID) -> DatasetView:
    """Delete a dataset: nothing more goes in. Its items stay until each of them is deleted."""
    before = await read_dataset(uow, caller, dataset_id)
    if before.state == "deleted":
        return before
    row = await one(uow, QUERIES.delete_dataset, caller.organisation_id, dataset_id)
    await eventlog.record(uow, _event(caller, "dataset.deleted", dataset_id, name=row["name"]))
    return dataset_view(row)


async def hold_dataset(uow: UnitOfWork, caller: Caller, dataset_id: UUID) -> Row:
    """Return a dataset that items are about to go into; refuses one that was deleted."""
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.hold_dataset, caller.organisation_id, dataset_id)
    if row is None:
        raise UnknownDataset
    if row["state"] == "deleted":
        raise DatasetDeleted
    return row


async def create_item(
    uow: UnitOfWork, caller: Caller, objects: Objects, dataset_id: UUID, new: NewItem
) -> ItemView:
    """Make an item; the same content under the same unique_id gives the item that is there."""
    dataset = await hold_dataset(uow, caller, dataset_id)
    encoded = await _payload_of(uow, caller, objects, dataset["modality"], new)
    content_hash = payloads.payload_hash(encoded)
    unique_id = payloads.unique_id_of(new.unique_id, content_hash)
    row = await uow.fetchrow(
        QUERIES.add_item,
        new_id(),
        caller.organisation_id,
        dataset_id,
        unique_id,
        encoded.decode(),
        payloads.encode_metadata(new.metadata),
        content_hash,
    )
    if row is None:
        return await _existing(uow, dataset_id, unique_id, content_hash)
    data = {"dataset": format_id("dataset", dataset_id), "content_hash": content_hash.hex()}
    await eventlog.record(uow, _event(caller, "item.created", row["id"], unique_id=unique_id, **data))
    return item_view(row)


async def list_items(
    uow: UnitOfWork,
    caller: Caller,
    dataset_id: UUID,
    unique_id: str | None,
    limit: int | None,
    next_token: str | None,
) -> Page[ItemView]:
    """Return the items of a dataset, or the one with this unique_id."""
    await read_dataset(uow, caller, dataset_id)
    if unique_id is not None and "\0" in unique_id:
        return Page([])
    return await page_by_id(uow, QUERIES.items_page, item_view, limit, next_token, dataset_id, unique_id)


async def read_item(uow: UnitOfWork, caller: Caller, item_id: UUID) -> ItemView:
    """Return an item."""
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.item, caller.organisation_id, item_id)
    if row is None:
        raise UnknownItem
    return item_view(row)


async def delete_item(uow: UnitOfWork, caller: Caller, item_id: UUID) -> ItemView:
    """Erase what annotators saw of an item, here and (by the event) in every modality; the answers stay."""
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.erase_item, caller.organisation_id, item_id)
    if row is None:
        return await read_item(uow, caller, item_id)
    data = {"dataset": format_id("dataset", row["dataset_id"]), "unique_id": row["unique_id"]}
    await eventlog.record(uow, _event(caller, "item.deleted", item_id, **data))
    return item_view(row)


async def _existing(uow: UnitOfWork, dataset_id: UUID, unique_id: str, content_hash: bytes) -> ItemView:
    row = await one(uow, QUERIES.item_with_unique_id, dataset_id, unique_id)
    if row["content_hash"] == content_hash and row["deleted_at"] is None:
        return item_view(row, SameItem)
    existing = format_id("item", row["id"])
    if row["deleted_at"] is not None:
        detail = f"{existing} had this unique_id and was deleted: use another unique_id."
        raise ItemExists(detail, path="/unique_id", existing=existing)
    raise ItemExists(path="/unique_id", existing=existing)


async def _payload_of(
    uow: UnitOfWork, caller: Caller, objects: Objects, modality: str, new: NewItem
) -> bytes:
    """Return the canonical payload of a new item. A long text is kept as an asset; media get their facts."""
    payload = payloads.read_payload(modality, new.payload)
    if isinstance(payload, MediaPayload):
        row = await uow.fetchrow(QUERIES.asset, caller.organisation_id, bytes.fromhex(payload.asset))
        if row is None:
            raise UnknownAsset(path="/payload/asset")
        if not row["media_type"].startswith(f"{modality}/"):
            raise Invalid(
                path="/payload/asset", found=row["media_type"], expected=f"an asset of type {modality}/…"
            )
        facts = msgspec.json.decode(row["facts"])
        return payloads.encode_payload(asset_payload(modality, payload.asset, row["media_type"], facts))
    if isinstance(payload, TextPayload) and len(text := payload.text.encode()) > TEXT_INLINE_BYTES_MAX:
        asset = await service_assets.store_text(uow, caller, objects, text)
        long = {"asset": asset.hash, "media_type": "text/plain", "characters": len(payload.text)}
        return payloads.encode_payload(long)
    return payloads.encode_payload(payload)


def _event(caller: Caller, kind: str, subject_id: UUID, **data: object) -> Event:
    return Event(
        organisation_id=caller.organisation_id,
        type=kind,
        subject_id=subject_id,
        actor_id=caller.member_id,
        data=data,
    )
