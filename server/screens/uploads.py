"""Files in a form: stored before the form is read, so that the text of a file field is the id of its file."""

from collections.abc import AsyncIterator

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from server.database.errors import Refusal
from server.model import Entity
from server.query.content import CHUNK, receive
from server.screens.refusal import words
from server.screens.visit import Visit

TEXT_BYTES = 10_000_000  # what the other fields of a form may have
REFUSED = (413, 422)


async def read_form(here: Visit, entity: Entity, *, new: bool) -> tuple[FormData, dict[str, str]]:
    """The form as if only text had been sent, and what was wrong with its files, by their fields.

    A file that was stored although the form is refused stays its sender's: the form that comes back has its
    id. Raises a 413 when more comes than all fields together allow.
    """
    fields = [
        each for each in entity.fields if each.is_file and here.access.writes_field(entity, each, new=new)
    ]
    allowed = TEXT_BYTES + sum(each.max_size or 0 for each in fields)
    if int(here.request.headers.get("content-length") or 0) > allowed:
        raise HTTPException(413, "This is more than the files of the form may have together.")
    data = await here.request.form(max_part_size=TEXT_BYTES)
    texts: dict[str, str] = {}
    problems: dict[str, str] = {}
    for field in fields:
        upload = data.get(f"{field.name}.file")
        if isinstance(upload, UploadFile) and upload.filename:
            try:
                kind = upload.content_type or ""
                file = await receive(
                    here.caller(entity), field, upload.filename, kind, pieces(upload), upload.size
                )
                texts[field.name] = str(file.id)
            except Refusal as refusal:
                if refusal.status not in REFUSED:
                    raise
                problems[field.name] = words(refusal)
        elif data.get(f"{field.name}.remove"):
            texts[field.name] = ""
    await data.close()
    kept = [(name, value) for name, value in data.multi_items() if name not in texts]
    return FormData([*kept, *texts.items()]), problems


async def pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    """The content, which lies in memory or, if it is large, on disk."""
    while piece := await upload.read(CHUNK):
        yield piece
