"""Read one field of a form before the page's own handler reads the form."""

import re
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import Message, Receive

# A form on a screen is text that somebody typed.
MAXIMUM_BYTES = 5_000_000
# The token is the first field of a form with files, which are not for this place to read.
FIRST_FIELD = re.compile(
    rb'--[^\r\n]+\r\nContent-Disposition: form-data; name="([^"\r\n]*)"\r\n\r\n([^\r\n]*)\r\n', re.I
)
MAXIMUM_HEAD = 8_192


async def form_field(request: Request, receive: Receive, name: str) -> tuple[str | None, Receive]:
    """A field of an url-encoded form, and a `receive` that gives the body again.

    Of a form with files only the first field is seen. None for other bodies and for forms of more than 5 MB:
    those must send the token as a header.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _first_field(receive, name)
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


async def _first_field(receive: Receive, name: str) -> tuple[str | None, Receive]:
    messages: list[Message] = []
    head = b""
    found = None
    while found is None and len(head) < MAXIMUM_HEAD:
        message = await receive()
        messages.append(message)
        head += message.get("body", b"")
        found = FIRST_FIELD.match(head)
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    same = found is not None and found[1] == name.encode()
    return found[2].decode("utf-8", "replace") if found and same else None, _replay(messages, receive)


def _replay(messages: list[Message], receive: Receive) -> Receive:
    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return again
