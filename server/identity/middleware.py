"""The gate: every request has a principal or goes to a page that is open to all."""

from asyncpg import InterfaceError, PostgresError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.identity import csrf
from server.identity.cache import PrincipalCache
from server.identity.form import form_field
from server.identity.principal import Principal
from server.identity.proof import principal_by, proof_of
from server.identity.refusal import PageOf, forged, plain_page, unauthenticated, unreachable

# Everything else asks for a principal, so that a new page cannot be left open by forgetting it.
OPEN_PATHS = ("/login", "/logout", "/api/auth/token", "/metrics", "/notices", "/favicon.ico")
# Not even looked up there: probes and files are answered when the database is away.
OPEN_FOLDERS = ("/static/", "/health/")
# The password is the proof there, not the cookie; the form has a token of its own.
SIGN_IN_PATHS = ("/login", "/api/auth/token")


class AuthenticationMiddleware:
    """Makes the principal `request.user` and `request.state.principal` (None on open pages without one).

    `request.state.csrf` is the token for the forms of the page. Refuses what has no valid proof, and
    changes by cookie that do not come from our own pages; `page` makes the page of such a refusal.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        secret: str,
        public_url: str,
        cache: PrincipalCache,
        page: PageOf = plain_page,
    ) -> None:
        self.app = app
        self.secret = secret
        self.public_url = public_url
        self.cache = cache
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        principal: Principal | None = None
        refusal: Response | None = None
        try:
            principal = await self._principal(request)
        except (PostgresError, InterfaceError, OSError, TimeoutError) as error:
            refusal = unreachable(request, error, self.page)
        scope["user"] = principal
        scope.setdefault("state", {}).update(principal=principal, csrf=principal.csrf if principal else None)
        if refusal is None:
            refusal, receive = await self._refusal(request, receive, principal)
        await (refusal or self.app)(scope, receive, send)

    async def _principal(self, request: Request) -> Principal | None:
        if request.url.path.startswith(OPEN_FOLDERS):
            return None
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

    async def _refusal(
        self, request: Request, receive: Receive, principal: Principal | None
    ) -> tuple[Response | None, Receive]:
        path = request.url.path
        if principal is None:
            is_open = path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)
            return (None if is_open else unauthenticated(request)), receive
        key = principal.csrf_key
        if key is None or request.method in csrf.SAFE_METHODS or path in SIGN_IN_PATHS:
            return None, receive
        given = request.headers.get(csrf.HEADER)
        if given is None:
            given, receive = await form_field(request, receive, csrf.FIELD)
        if csrf.is_own_origin(request, self.public_url) and csrf.is_token(key, given):
            return None, receive
        return forged(request, self.page), receive
