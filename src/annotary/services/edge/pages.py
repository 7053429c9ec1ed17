"""How the edge serves the pages: which file answers a path, how long it is kept, what it may load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import annotary

Json = dict[str, Any]

PACKAGE = Path(annotary.__file__).parent
# In a wheel; in a checkout, where the build left it; else the page that says how to build.
BUILT = (PACKAGE / "_ui", PACKAGE.parents[1] / "web" / "dist")
UNBUILT = Path(__file__).parent / "static"
# The services' own: no page answers there, whatever is asked for.
OWN_PATHS = ("/v1/*", "/schema/*", "/services/*", "/healthz", "/readyz", "/metrics")
# Nothing inline and nothing from elsewhere; `connect-src 'self'` lets the page's own WebSocket through.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
KEPT_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ASKED_ANEW = {"Cache-Control": "no-cache"}
# Files of a wheel may all have one time, so that two releases' pages of one length would look the same.
WITHOUT_VALIDATORS: Json = {
    "handler": "headers",
    "request": {"delete": ["If-None-Match", "If-Modified-Since"]},
    "response": {"deferred": True, "delete": ["Etag", "Last-Modified"]},
}


def built_pages() -> Path:
    """Return the folder of the built pages, or that of the page that says how to build them."""
    return next((folder for folder in BUILT if (folder / "index.html").is_file()), UNBUILT)


def page_routes(folder: Path) -> list[Json]:
    """Return the routes of the pages in a folder; what they do not match is for the services.

    An address that a person opened in the browser and that names no file is a page's: `index.html` answers,
    whose script knows which. Files under `/assets` are named by what is in them and never change.
    """
    asked = "{http.request.uri.path}"
    # The second is there for `/` alone: whoever asks for it, page or program, gets the first page.
    files = {"file": {"root": str(folder), "try_files": [asked, f"{asked}index.html"]}}
    return [
        _subroute({"path": ["/assets/*"], **files}, KEPT_FOR_EVER, folder),
        _subroute({"path": ["/assets/*"]}, None, folder),
        _subroute({"not": [{"path": list(OWN_PATHS)}], **files}, ASKED_ANEW, folder),
        _subroute(
            {"not": [{"path": list(OWN_PATHS)}], "header": {"Accept": ["*text/html*"]}},
            ASKED_ANEW,
            folder,
            page="/index.html",
        ),
    ]


def _set_headers(values: dict[str, str]) -> Json:
    """Return the handler that sets headers of the reply."""
    return {"handler": "headers", "response": {"set": {name: [value] for name, value in values.items()}}}


def _subroute(matched: Json, headers: dict[str, str] | None, folder: Path, page: str = "") -> Json:
    """Answer reads that match with a file of the folder; without headers, that there is none."""
    served: list[Json] = [_set_headers(PAGE_HEADERS | (headers or {}))]
    if headers is ASKED_ANEW:
        served.append(WITHOUT_VALIDATORS)
    if page:
        served.append({"handler": "rewrite", "uri": page})
    if headers is None:
        served.append({"handler": "static_response", "status_code": 404})
    else:
        served.append(
            {
                "handler": "file_server",
                "root": str(folder),
                "precompressed": {"br": {}, "gzip": {}},
                "precompressed_order": ["br", "gzip"],
            }
        )
    return {"match": [{"method": ["GET", "HEAD"], **matched}], "handle": served, "terminal": True}
