"""Every template and every component keeps the rules; pages with data are held to them by their own tests."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from server.screens.notices import notices
from server.screens.render import SECURITY_HEADERS, TEMPLATES, render
from server.screens.showcase import samples
from tests.templates.markup import faults

SIGN_IN: dict[str, Any] = {
    "email": "",
    "error": "The e-mail address or the password is wrong.",
    "next": "/",
    "csrf": "token",
}
PAGES: dict[str, tuple[str, int, dict[str, Any]]] = {
    "components": ("showcase/show.html", 200, samples()),
    "sign in": ("session/new.html", 401, SIGN_IN),
    "notices": ("notices/index.html", 200, {"notices": notices()}),
    "not found": ("error.html", 404, {"detail": "", "trace": ""}),
    "fault": ("error.html", 500, {"detail": "", "trace": "01k9", "navigation": samples()["navigation"]}),
}
SOURCES = sorted(TEMPLATES.rglob("*.html"))


def request(cookies: str = "") -> Request:
    return Request({"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", cookies.encode())]})


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_every_rule(name: str) -> None:
    template, status, context = PAGES[name]

    response = render(request(), template, status, **context)

    assert response.status_code == status
    assert faults(bytes(response.body).decode()) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_first_heading_and_a_way_past_the_navigation(name: str) -> None:
    template, status, context = PAGES[name]

    html = bytes(render(request(), template, status, **context).body).decode()

    assert len(re.findall(r"<h1\b", html)) == 1
    assert html.index('href="#main"') < html.index("<main")


def test_a_page_carries_the_headers_that_forbid_inline_script_and_style() -> None:
    response = render(request(), "session/new.html", **SIGN_IN)

    policy = response.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert SECURITY_HEADERS.items() >= {("X-Content-Type-Options", "nosniff")}
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [
        ("theme=dark", ' data-theme="dark"'),
        ("theme=light", ' data-theme="light"'),
        ("density=compact", ' data-density="compact"'),
    ],
)
def test_the_look_comes_from_a_cookie_with_the_page(cookie: str, attribute: str) -> None:
    assert attribute in bytes(render(request(cookie), "session/new.html", **SIGN_IN).body).decode()


def test_an_unknown_theme_is_none() -> None:
    html = bytes(render(request('theme="><script>'), "session/new.html", **SIGN_IN).body).decode()

    assert "data-theme" not in html


def test_what_people_typed_is_text_and_never_markup() -> None:
    typed = SIGN_IN | {"email": '"><script>alert(1)</script>', "error": "<img src=x onerror=alert(1)>"}

    html = bytes(render(request(), "session/new.html", **typed).body).decode()

    assert "<script>alert" not in html
    assert "<img" not in html


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_trusts_no_text_and_has_no_inline_code(path: Path) -> None:
    source = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)

    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", source)
    assert not re.search(r"""\s(style|on[a-z]+|hx-on[:\w-]*)\s*=""", source)
    assert not re.search(r"js:|javascript:", source)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)", source)


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        '<button onclick="x()">',
        "<script>x()</script>",
        '<p hx-on:click="x()">',
        """<p hx-vals="js:{a: 1}">""",
        '<p hx-trigger="click[ctrlKey]">',
        '<p id="a"></p><p id="a"></p>',
        '<input name="a">',
        '<p aria-describedby="nowhere">',
        '<svg><use href="/icons.svg#no-such-icon"/></svg>',
        '<span class="tag tone-magenta">',
        '<a href=" javascript:x()">',
    ],
)
def test_the_rules_find_a_planted_fault(html: str) -> None:
    assert faults(html)
