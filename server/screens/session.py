"""Signing in and out."""

import secrets

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.identity import csrf, sessions
from server.identity.login import LoginDelayed, LoginRefused, login, logout
from server.identity.redirection import local_path
from server.screens.render import render

# A visitor has no session that could carry the token of the form.
SEED_COOKIE = "qryvanta_visitor"


async def new(request: Request) -> Response:
    """GET /login"""
    target = local_path(request.query_params.get("next"))
    if request.state.principal is not None:
        return RedirectResponse(target, status_code=303)
    return _page(request, next=target)


async def create(request: Request) -> Response:
    """POST /login"""
    form = await request.form()
    email, target = _text(form, "email"), local_path(_text(form, "next"))
    if not _is_own(request, _text(form, csrf.FIELD)):
        message = "This page was open for too long, or cookies are switched off. Try again."
        return _page(request, 403, email=email, next=target, error=message)
    try:
        session_id = await login(
            request.app.state.pool,
            request,
            email=email,
            password=_text(form, "password"),
            tenant=_text(form, "tenant"),
            kind="browser",
        )
    except LoginDelayed as delayed:
        message = f"Too many failed attempts. Try again in {delayed.seconds} s."
        response = _page(request, 429, email=email, next=target, error=message)
        response.headers["Retry-After"] = str(delayed.seconds)
        return response
    except LoginRefused:
        message = "The e-mail address or the password is wrong."
        return _page(request, 401, email=email, next=target, error=message)
    await _end_session(request)
    response = RedirectResponse(target, status_code=303)
    settings = request.app.state.settings
    sessions.set_cookie(response, settings.secret_key, session_id, secure=_is_secure(request))
    response.delete_cookie(SEED_COOKIE, path="/login")
    return response


async def destroy(request: Request) -> Response:
    """POST /logout"""
    await _end_session(request)
    response = RedirectResponse("/login", status_code=303)
    sessions.delete_cookie(response, secure=_is_secure(request))
    return response


async def _end_session(request: Request) -> None:
    principal = request.state.principal
    if principal is not None and principal.session_id is not None:
        await logout(request.app.state.pool, principal.session_id)
        # Other servers hear it from the database; this one must not wait for that.
        request.app.state.principals.clear()


def _page(
    request: Request, status: int = 200, *, next: str, email: str = "", error: str | None = None
) -> Response:
    seed = request.cookies.get(SEED_COOKIE) or secrets.token_urlsafe(16)
    token = csrf.token(csrf.key_for(request.app.state.settings.secret_key, seed))
    response = render(request, "session/new.html", status, email=email, error=error, next=next, csrf=token)
    response.set_cookie(
        SEED_COOKIE, seed, path="/login", secure=_is_secure(request), httponly=True, samesite="lax"
    )
    return response


def _is_own(request: Request, given: str) -> bool:
    settings, seed = request.app.state.settings, request.cookies.get(SEED_COOKIE)
    return (
        seed is not None
        and csrf.is_own_origin(request, settings.public_url)
        and csrf.is_token(csrf.key_for(settings.secret_key, seed), given)
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.replace("\0", "") if isinstance(value, str) else ""


def _is_secure(request: Request) -> bool:
    return bool(request.app.state.settings.public_url.startswith("https://"))
