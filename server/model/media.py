"""What a file is: told by its first bytes where they tell, not by its sender."""

import re
from collections.abc import Sequence

UNKNOWN = "application/octet-stream"
MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,63}/[a-z0-9.+-]{1,127}")
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
)
BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"mif1": "image/heif"}
# Bytes that tell these types apart, so that a sender's word for them is not taken.
TELLING = ("image/", "application/pdf")
# What a browser may show in place: pictures that hold no code.
SAFE_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
LONGEST_NAME = 255


def media_type(head: bytes, declared: str) -> str:
    """The media type of content that begins with `head`; `declared` counts where no bytes can tell."""
    for signature, found in SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
        return BRANDS[head[8:12]]
    given = declared.partition(";")[0].strip().lower()
    if not MEDIA_TYPE.fullmatch(given) or given.startswith(TELLING):
        return UNKNOWN
    return given


def is_accepted(given: str, accept: Sequence[str]) -> bool:
    """Whether a media type is on a list such as `application/pdf`, `image/*`; an empty list takes all."""
    return not accept or given in accept or f"{given.partition('/')[0]}/*" in accept


def file_name(given: str, otherwise: str) -> str:
    """The last part of a path without control characters; `otherwise` where nothing is left."""
    last = re.split(r"[/\\]", given)[-1]
    shown = "".join(each for each in last if each.isprintable()).strip()
    return shown[-LONGEST_NAME:] or otherwise
