"""A browser as the platform sees one: it keeps the session's cookie and says where its page is from."""

from __future__ import annotations

from typing import Any

import httpx

from integration.platform.people import People

HOST = "http://platform"
MARK = {"X-Annotary-Request": "1"}


class Browser:
    """One browser: a cookie, and the address it comes from."""

    def __init__(self, people: People, address: str = "192.0.2.1") -> None:
        self.people = people
        self.address = address
        self.cookie: str | None = None

    async def ask(
        self, method: str, path: str, body: Any = None, *, expect: int | None = None, **headers: str | None
    ) -> Any:
        """Ask as a page of this address does; a header that is None is left out."""
        sent: dict[str, str | None] = {**MARK, "Origin": HOST, "X-Forwarded-For": self.address}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie is not None:
            sent["Cookie"] = f"theme=dark; annotary_session={self.cookie}"
        kept = {name: value for name, value in sent.items() if value is not None}
        response = await self.people.client.request(method, path, json=body, headers=kept)
        self.people.client.cookies.clear()
        self._keep(response)
        if expect is None:
            return response
        assert response.status_code == expect, (method, path, response.status_code, response.text)
        return response.json() if response.content else None

    async def sign_in(self, expect: int = 201, **what: str) -> Any:
        """Sign in with a token, or with an e-mail and a password."""
        return await self.ask("POST", "/v1/session", what, expect=expect)

    async def is_in(self) -> bool:
        """Say whether the session is good."""
        return bool((await self.ask("GET", "/v1/me")).status_code == 200)

    def _keep(self, response: httpx.Response) -> None:
        told = response.headers.get("set-cookie")
        if told is not None:
            value = told.partition(";")[0].partition("=")[2].strip('"')
            self.cookie = value or None


async def with_password(people: People, who: str, role: str, password: str) -> tuple[str, str]:
    """Make a member who has a password; returns the e-mail and the member's id."""
    member = await people.hire(who, role)
    email = f"{who}@example.org"
    page = Browser(people)
    await page.sign_in(token=people.tokens[who])
    await page.ask("PATCH", "/v1/me", {"email": email}, expect=200)
    await page.ask("PUT", "/v1/me/password", {"password": password}, expect=204)
    return email, member
