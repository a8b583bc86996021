"""Read one field of a form before the page's own handler reads the form."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import Message, Receive

# A form on a screen is text that somebody typed.
MAXIMUM_BYTES = 5_000_000


async def form_field(request: Request, receive: Receive, name: str) -> tuple[str | None, Receive]:
    """A field of an url-encoded form, and a `receive` that gives the body again.

    None for other bodies and for forms of more than 5 MB: those must send the token as a header.
    """
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None, receive
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body") or size > MAXIMUM_BYTES:
            break
    replay = _replay(messages, receive)
    if size > MAXIMUM_BYTES:
        return None, replay
    body = b"".join(message.get("body", b"") for message in messages)
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=5000)
    except ValueError:
        return None, replay
    return next(iter(fields.get(name, [])), None), replay


def _replay(messages: list[Message], receive: Receive) -> Receive:
    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return again
