"""What becomes of HTML, and its words."""

import pytest

from server.model.richtext import plain_text, sanitised


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p onclick='x()'>a <b class=big style='color:red'>b</b></p>", "<p>a <b>b</b></p>"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<img src=https://evil.example/pixel.gif>", ""),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ('<td colspan="2">x</td>', "x"),
    ],
)
def test_only_structure_and_emphasis_stay(given: str, kept: str) -> None:
    assert sanitised(given) == kept


def test_a_link_keeps_its_address_but_not_to_a_script() -> None:
    assert 'href="/a/b"' in sanitised('<a href="/a/b">x</a>')
    assert "href" not in sanitised('<a href=" java&#10;script:x()">x</a>')
    assert "href" not in sanitised('<a href="data:text/html,x">x</a>')


def test_the_words_stand_in_one_line() -> None:
    html = "<h1>Title</h1><p>One<br>two &lt;3&gt;</p><ul><li>a</li><li>b</li></ul><script>x</script>"

    assert plain_text(html) == "Title One two <3> a b"
