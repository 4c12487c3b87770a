"""An identity provider for tests (OpenID Connect): signs in whoever is clicked on. A server of its own."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT = "prizewatch-test"


def _routes(issuer: str, subjects: tuple[str, ...]) -> list[Route]:
    key = RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})
    codes: dict[str, tuple[str, str | None]] = {}

    async def metadata(request: Request) -> Response:
        return JSONResponse({
            "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        })  # fmt: skip

    async def jwks(request: Request) -> Response:
        return JSONResponse({"keys": [key.as_dict(private=False)]})

    async def authorize(request: Request) -> Response:
        asked = request.query_params
        who = asked.get("login_as", "")
        if who not in subjects:
            links = (f'<p><a href="?{urlencode({**asked, "login_as": s})}">{s}</a></p>' for s in subjects)
            return HTMLResponse("".join(links))
        code = secrets.token_urlsafe(16)
        codes[code] = (who, asked.get("nonce"))
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    async def token(request: Request) -> Response:
        who, nonce = codes.pop(str((await request.form())["code"]))
        now = int(time.time())
        claims: dict[str, Any] = {"iss": issuer, "sub": who, "aud": CLIENT, "iat": now, "exp": now + 3600}
        claims |= {"nonce": nonce} if nonce else {}
        signed = jwt.encode({"alg": "RS256", "kid": "test"}, claims, key)
        return JSONResponse(
            {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 3600, "id_token": signed}
        )

    return [
        Route("/.well-known/openid-configuration", metadata),
        Route("/jwks", jwks),
        Route("/authorize", authorize),
        Route("/token", token, methods=["POST"]),
    ]


@contextmanager
def provider(*subjects: str) -> Iterator[str]:
    """A running provider that knows these subjects; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    issuer = f"http://127.0.0.1:{port}"
    config = uvicorn.Config(Starlette(routes=_routes(issuer, subjects)), port=port, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield issuer
    finally:
        server.should_exit = True
        thread.join(10)
