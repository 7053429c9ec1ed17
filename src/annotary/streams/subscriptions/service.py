"""Subscriptions: made, listed and ended; what was parked."""

from __future__ import annotations

from uuid import UUID

from annotary.eventlog import Event, record
from annotary.eventlog import store as eventlog_store
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page, encode_token, page_limit
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.ids import format_id, outside_id, parse_id
from annotary.kernel.limits import SUBSCRIPTIONS_PER_ORGANISATION_MAX
from annotary.kernel.names import check_name
from annotary.projects.service import read_project
from annotary.streams.rules import event_sequence, sight_of
from annotary.streams.service import start, token_sequence
from annotary.streams.subscriptions import store
from annotary.streams.subscriptions.errors import (
    LanesFixed,
    NameTaken,
    TooManySubscriptions,
    UnknownParkedEvent,
    UnknownSubscription,
)
from annotary.streams.subscriptions.values import (
    ParkedEvent,
    Subscription,
    SubscriptionSet,
    SubscriptionView,
)
from annotary.streams.values import Cursor


async def put_subscription(
    database: Database, uow: UnitOfWork, caller: Caller, name: str, wanted: SubscriptionSet
) -> SubscriptionView:
    """Make a subscription of the caller, or put these terms in place of those it has."""
    sight_of(caller)
    check_name(name)
    project = None if wanted.project is None else parse_id("project", wanted.project)
    row = None if project is None else await read_project(uow, caller, project, Role.REVIEWER)
    held = await store.find(uow, caller.organisation_id, name)
    if held is None:
        from_now = wanted.start == "end" and wanted.since is None
        born_at = row["created_at"] if row else None
        begin = await start(database, "end" if from_now else None, wanted.since, born_at=born_at)
        held = await _make(uow, caller, name, wanted, project, begin)
    elif held.member_id != caller.member_id:
        raise NameTaken
    elif held.lanes != wanted.lanes:
        raise LanesFixed(
            f"{name!r} has {held.lanes} lanes, and {wanted.lanes} are asked for: delete it first."
        )
    elif not _is_as_wanted(held, wanted, project):
        held = await store.change(uow, held, wanted, project)
        await record(uow, _event("subscription.changed", held, caller))
    return _view(held, await store.parked(uow, held), eventlog_store.Lag(0, 0.0))


async def list_subscriptions(database: Database, caller: Caller) -> list[SubscriptionView]:
    """Return the caller's subscriptions; to the organisation's managers all of it."""
    member = None if caller.role >= Role.MANAGER else caller.member_id
    return [
        await shown(database, one) for one in await store.listed(database, caller.organisation_id, member)
    ]


async def own_subscription(database: Database, caller: Caller, name: str) -> Subscription:
    """Return a subscription that is the caller's; raises UnknownSubscription."""
    held = await store.find(database, caller.organisation_id, name)
    if held is None or held.member_id != caller.member_id:
        raise UnknownSubscription
    return held


async def managed_subscription(database: Database | UnitOfWork, caller: Caller, name: str) -> Subscription:
    """Return a subscription that the caller may look after: its own, a manager any of the organisation."""
    held = await store.find(database, caller.organisation_id, name)
    if held is None or (held.member_id != caller.member_id and caller.role < Role.MANAGER):
        raise UnknownSubscription
    return held


async def shown(database: Database, held: Subscription) -> SubscriptionView:
    """Return a subscription with how far its handlers are behind."""
    return _view(held, await store.parked(database, held), await store.lag(database, held))


async def end_subscription(uow: UnitOfWork, caller: Caller, name: str, service: str) -> None:
    """End a subscription: its positions and what it parked are gone."""
    held = await managed_subscription(uow, caller, name)
    if await store.remove(uow, held, service):
        await record(uow, _event("subscription.ended", held, caller))


async def parked_page(
    database: Database, caller: Caller, name: str, limit: int | None, next_token: str | None
) -> Page[ParkedEvent]:
    """Return a page of what a subscription parked, in the order of the log."""
    held, length = await managed_subscription(database, caller, name), page_limit(limit)
    rows = await store.parked_page(database, held, token_sequence(next_token), length + 1)
    following = encode_token(str(rows[length - 1][0])) if len(rows) > length else None
    return Page([one for _, one in rows[:length]], following)


async def retry_parked(uow: UnitOfWork, caller: Caller, name: str, event: str, service: str) -> None:
    """Have a parked event given out once more, before what is new in its lane."""
    held = await managed_subscription(uow, caller, name)
    if not await store.retry_parked(uow, held, event_sequence(event, service)):
        raise UnknownParkedEvent


async def drop_parked(uow: UnitOfWork, caller: Caller, name: str, event: str, service: str) -> None:
    """Forget a parked event."""
    held = await managed_subscription(uow, caller, name)
    if not await store.drop_parked(uow, held, event_sequence(event, service)):
        raise UnknownParkedEvent


async def _make(
    uow: UnitOfWork,
    caller: Caller,
    name: str,
    wanted: SubscriptionSet,
    project: UUID | None,
    begin: Cursor,
) -> Subscription:
    if await store.count(uow, caller.organisation_id) >= SUBSCRIPTIONS_PER_ORGANISATION_MAX:
        raise TooManySubscriptions
    member = (caller.organisation_id, caller.member_id)
    made = await store.add(uow, name, member, wanted, project, (begin.service, begin.position))
    if made is None:
        raise NameTaken
    await record(uow, _event("subscription.created", made, caller))
    return made


def _is_as_wanted(held: Subscription, wanted: SubscriptionSet, project: UUID | None) -> bool:
    terms = (held.types, held.project_id, held.lease_seconds, held.tries_most)
    return terms == (wanted.types, project, wanted.lease_seconds, wanted.tries_most)


def _event(kind: str, held: Subscription, by: Caller) -> Event:
    return Event(
        organisation_id=held.organisation_id,
        type=kind,
        subject_id=held.id,
        actor_id=by.member_id,
        data={
            "name": held.name,
            "member": format_id("member", held.member_id),
            "types": held.types,
            "project": outside_id("project", held.project_id),
            "lanes": held.lanes,
            "lease_seconds": held.lease_seconds,
            "tries_most": held.tries_most,
        },
    )


def _view(held: Subscription, parked: int, lag: eventlog_store.Lag) -> SubscriptionView:
    return SubscriptionView(
        name=held.name,
        member=format_id("member", held.member_id),
        types=held.types,
        project=outside_id("project", held.project_id),
        lanes=held.lanes,
        lease_seconds=held.lease_seconds,
        tries_most=held.tries_most,
        parked=parked,
        events_behind=lag.events,
        seconds_behind=lag.seconds,
        created_at=held.created_at,
    )
