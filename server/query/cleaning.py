"""Rich text in what is written: sanitised before a statement sees it, whichever door it came through."""

import json
import re
from dataclasses import replace

from server.model import Entity
from server.model.richtext import sanitised
from server.query.payload import Payload, parsed

SPACE = re.compile(r"[ \t\n\r]*")
BETWEEN = "[]{}, \t\n\r"
# Numbers stay the text that they are: only the ends of values are of interest.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


def cleaned(payload: Payload, entity: Entity) -> Payload:
    """The payload with its rich text sanitised; all else, to the last digit, as it was sent."""
    columns = {field.column for field in entity.fields if field.type == "richtext"} & set(payload.columns)
    if not columns:
        return payload
    text = _rewritten(payload.text, columns)
    document = parsed(text)
    return replace(payload, text=text, records=(document,) if payload.single else tuple(document))


def _rewritten(text: str, columns: set[str]) -> str:
    """JSON text of one or several records with the values of `columns` sanitised."""
    parts, kept, at = [], 0, 0
    while at < len(text):
        if text[at] in BETWEEN:
            at += 1
            continue
        key, at = DECODER.raw_decode(text, at)
        start = _end_of_space(text, text.index(":", at) + 1)
        value, at = DECODER.raw_decode(text, start)
        if key in columns and value is not None:
            # What is no text becomes one in a column of text.
            clean = _clean(value if isinstance(value, str) else text[start:at])
            parts += [text[kept:start], json.dumps(clean, ensure_ascii=False)]
            kept = at
    return "".join([*parts, text[kept:]])


def _clean(html: str) -> str:
    try:
        return sanitised(html)
    except UnicodeEncodeError:
        return html  # half a character: PostgreSQL refuses it in its own words


def _end_of_space(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at
