"""What the next page says about the last action: carried over the redirect in a signed cookie."""

from dataclasses import asdict, dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "qryvanta_flash"
SECONDS = 60


@dataclass(frozen=True)
class Flash:
    """One message; `undo` is the address to post to in order to take the action back."""

    text: str
    undo: str = ""
    tone: str = "ok"
    # What to post with the undo, such as the records of a bulk delete.
    fields: tuple[tuple[str, str], ...] = ()


def leave(response: Response, secret: str, flash: Flash, *, secure: bool) -> None:
    """Let the next page show the message."""
    text = str(serializer(secret).dumps(asdict(flash)))
    response.set_cookie(COOKIE, text, max_age=SECONDS, path="/", httponly=True, samesite="lax", secure=secure)


def take(request: Request, secret: str) -> list[Flash]:
    """The message left for this page, if there is one."""
    try:
        found = serializer(secret).loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
        return [Flash(**{**found, "fields": tuple(map(tuple, found["fields"]))})]
    except (BadSignature, KeyError, TypeError):
        return []


def forget(response: Response) -> None:
    """The message was shown."""
    response.delete_cookie(COOKIE, path="/")


def serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="flash")
