"""Where to go after signing in: only to a page of ours."""

from urllib.parse import urlsplit


def local_path(target: str | None) -> str:
    """The target when it is a path on this server, else the home page."""
    if not target or not target.startswith("/"):
        return "/"
    # Browsers drop control characters and read a backslash as a slash: "/\\evil.test" leaves the site.
    if (
        target.startswith("//")
        or "\\" in target
        or any(ord(letter) < 33 or ord(letter) == 127 for letter in target)
    ):
        return "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path in ("/login", "/logout"):
        return "/"
    return target
