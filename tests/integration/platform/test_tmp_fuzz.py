import asyncio, threading
import pytest, schemathesis
from hypothesis import settings as hs, HealthCheck, given
pytestmark = pytest.mark.asyncio(loop_scope="module")

async def test_fuzz(people):
    app = people.client.app
    token = people.tokens["owner"]
    raw = (await people.client.get("/schema/platform/openapi.json")).json()
    fails = []
    import httpx
    portal = people.client.blocking_portal if hasattr(people.client, "blocking_portal") else None
    # collect examples with schemathesis and send with the client
    schema = schemathesis.openapi.from_dict(raw)
    cases = []
    for result in schema.get_all_operations():
        op = result.ok()
        @hs(max_examples=25, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=op.as_strategy())
        def collect(case):
            cases.append((op.method.upper(), op.path, case))
        try:
            collect()
        except Exception as e:
            print("GEN", op.path, e)
    print(len(cases))
    from collections import Counter
    codes = Counter()
    for method, path, case in cases:
        try:
            kw = case.as_transport_kwargs(base_url="http://testserver.local")
        except Exception as e:
            continue
        kw = {k: v for k, v in kw.items() if k in ("method","url","params","json","content","data","headers","cookies")}
        if "data" in kw:
            d = kw.pop("data"); kw["content"] = d if isinstance(d,(bytes,str)) else None
        headers = dict(kw.pop("headers") or {}); headers = {k: str(v) for k,v in headers.items() if k.lower() not in ("authorization","idempotency-key")}
        headers["Authorization"] = f"Bearer {token}"
        try:
            r = await people.client.request(headers=headers, **{k:v for k,v in kw.items() if k!='cookies'})
        except Exception as e:
            fails.append((method, path, repr(e)[:200])); continue
        codes[r.status_code] += 1
        if r.status_code >= 500:
            fails.append((method, path, r.status_code, repr(kw)[:400], r.text[:200]))
    print(codes)
    for f in fails[:40]: print("FAIL", f)
    print(len(fails))
