"""The gate: every request has a principal or goes to a page that is open to all."""

from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.identity import csrf
from server.identity.cache import PrincipalCache
from server.identity.form import form_field
from server.identity.principal import Principal
from server.identity.proof import principal_by, proof_of

# Everything else asks for a principal, so that a new page cannot be left open by forgetting it.
OPEN_PATHS = ("/login", "/logout", "/api/auth/token", "/metrics", "/notices", "/favicon.ico")
# The password is the proof there, not the cookie; the form has a token of its own.
SIGN_IN_PATHS = ("/login", "/api/auth/token")
OPEN_FOLDERS = ("/static/", "/health/")


class AuthenticationMiddleware:
    """Makes the principal `request.user` and `request.state.principal` (None on open pages without one).

    `request.state.csrf` is the token for the forms of the page. Refuses what has no valid proof, and
    changes by cookie that do not come from our own pages.
    """

    def __init__(self, app: ASGIApp, *, secret: str, public_url: str, cache: PrincipalCache) -> None:
        self.app = app
        self.secret = secret
        self.public_url = public_url
        self.cache = cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        principal = await self._principal(request)
        scope["user"] = principal
        scope.setdefault("state", {}).update(principal=principal, csrf=principal.csrf if principal else None)
        if principal is None and not is_open(request.url.path):
            await _unauthenticated(request)(scope, receive, send)
            return
        if (
            principal
            and principal.csrf
            and request.method not in csrf.SAFE_METHODS
            and request.url.path not in SIGN_IN_PATHS
        ):
            given, receive = await _csrf_token(request, receive)
            if not csrf.is_own_origin(request, self.public_url) or not csrf.is_token(principal.csrf, given):
                await _forged(request)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _principal(self, request: HTTPConnection) -> Principal | None:
        proof = proof_of(request, self.secret)
        if proof is None:
            return None
        principal = self.cache.get(proof)
        if principal is None:
            generation = self.cache.generation
            principal = await principal_by(request.app.state.pool, proof, self.secret)
            if principal is not None:
                self.cache.put(proof, principal, generation)
        return principal


def is_open(path: str) -> bool:
    """Whether a page is for everybody."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


async def _csrf_token(request: Request, receive: Receive) -> tuple[str | None, Receive]:
    header = request.headers.get(csrf.HEADER)
    if header is not None:
        return header, receive
    return await form_field(request, receive, csrf.FIELD)


def _unauthenticated(request: Request) -> Response:
    if is_api(request):
        return JSONResponse(
            error("28000", "Sign in first: send a valid token, Authorization: Bearer …"),
            status_code=401,
            headers={"WWW-Authenticate": 'Bearer realm="qryvanta"'},
        )
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    # What was posted is lost after signing in; its address may know no GET.
    login = f"/login?next={quote(target)}" if request.method in ("GET", "HEAD") else "/login"
    if request.headers.get("hx-request") == "true":
        # htmx would put the sign-in page into a corner of the page.
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    return RedirectResponse(login, status_code=303)


def _forged(request: Request) -> Response:
    message = "This page is out of date. Reload it and try again."
    if is_api(request):
        return JSONResponse(error("42501", message), status_code=403)
    return Response(message, status_code=403, media_type="text/plain")


def is_api(request: HTTPConnection) -> bool:
    """Whether the caller expects JSON: the API, or a proof that no browser page sends."""
    return request.url.path.startswith("/api/") or "authorization" in request.headers


def error(code: str, message: str) -> dict[str, object]:
    """An error in the API's form."""
    return {"code": code, "message": message, "details": None, "hint": None, "errors": []}
