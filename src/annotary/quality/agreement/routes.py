"""HTTP of agreement; mounted below `/v1/{modality}`."""

from __future__ import annotations

from typing import cast

from litestar import get
from litestar.params import FromQuery

from annotary.identity.service import authenticate
from annotary.infra.http import Request, database
from annotary.kernel.ids import parse_id
from annotary.quality.agreement.service_report import Estimates, read_agreement
from annotary.quality.agreement.values_project import AgreementView


@get("/agreement", summary="How far annotators agree")
async def get_agreement(
    request: Request,
    project: FromQuery[str],
    by: FromQuery[str] = "none",
    measure: FromQuery[str | None] = None,
) -> AgreementView:
    """Return measures of agreement with 95 % intervals, over all of a project's tasks that several answered.

    `by` is none, label, pair, batch or week; `measure` keeps one kind, such as `alpha`. For reviewers.
    """
    caller = await authenticate(request)
    estimates = cast(Estimates, request.app.state.estimates)
    return await read_agreement(
        database(request), estimates, caller, parse_id("project", project), by, measure
    )


ROUTES = [get_agreement]
