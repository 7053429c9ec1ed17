"""The steps that the platform knows: the item, its assets, the files that carry the outcome. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from annotary.audit.lineage import rules
from annotary.audit.lineage.rules import Log
from annotary.audit.lineage.rules_steps import Shown
from annotary.audit.lineage.values import AssetStep, CatalogRecords, ExportStep, ItemStep, Records
from annotary.kernel.ids import format_id, outside_id


def item_step(held: Records, catalog: CatalogRecords | None, log: Log) -> ItemStep:
    """Return the item with its assets; without the catalog, what the task itself knows of them."""
    row = catalog.item if catalog else None
    known = {one["hash"].hex(): one for one in catalog.assets} if catalog else {}
    item_id = held.task["item_id"]
    events = log.about("item.", item_id)
    if row is not None:
        events = [*log.spanning("items.imported", row["dataset_id"], item_id), *events]
    return ItemStep(
        id=format_id("item", item_id),
        unique_id=held.task["unique_id"],
        content_hash=row["content_hash"].hex() if row else None,
        dataset=outside_id("dataset", row["dataset_id"]) if row else None,
        dataset_name=row["dataset_name"] if row else None,
        assets=[
            _asset(hash, known.get(hash), log)
            for hash in rules.asset_hashes(msgspec.json.decode(held.task["payload"]))
        ],
        created_at=row["created_at"] if row else None,
        deleted_at=row["deleted_at"] if row else None,
        events=events,
    )


def _asset(hash: str, row: Any, log: Log) -> AssetStep:
    about = log.told("asset.created", "hash", hash)
    if row is None:
        return AssetStep(hash, None, None, None, about)
    return AssetStep(hash, row["media_type"], row["size_bytes"], row["source"], about)


def export_steps(
    catalog: CatalogRecords | None,
    accepted_at: datetime | None,
    superseded_at: datetime | None,
    shown: Shown,
    log: Log,
) -> list[ExportStep]:
    """Return the files that carry the traced outcome, the oldest first."""
    if catalog is None or accepted_at is None:
        return []
    steps = []
    for row in reversed(catalog.exports):
        carried = rules.carrying(accepted_at, superseded_at, row["started_at"], row["ended_at"])
        if carried is None:
            continue
        steps.append(
            ExportStep(
                job=format_id("job", row["id"]),
                format=msgspec.json.decode(row["request"]).get("format", "jsonl"),
                carrying=carried,
                content_hash=msgspec.json.decode(row["result"]).get("content_hash"),
                created_by=shown.member(row["created_by"]),
                started_at=row["started_at"],
                ended_at=row["ended_at"],
                events=log.about("job.", row["id"]),
            )
        )
    return steps
