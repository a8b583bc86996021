"""Reading: YAML and JSON as typed, with lines; everything else is one clear error."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.manifest import ManifestError, load

HEAD = "qryvanta: 1\napp: {name: shop}\nentities:\n"


def refusal(content: str | bytes, name: str = "shop.yaml") -> str:
    with pytest.raises(ManifestError) as error:
        load(content.encode() if isinstance(content, str) else content, name)
    return str(error.value)


def test_words_of_yaml_stay_what_was_typed() -> None:
    found = load(b"a: [no, on, Yes, 2020-01-31, 12:30, 007, 0x1F, 1_000, 0.10, 1e3, true, ~, .5, =, +5]").data

    assert found["a"] == [
        "no", "on", "Yes", "2020-01-31", "12:30", "007", "0x1F", "1_000", Decimal("0.10"), 1000, True, None,
        ".5", "=", "+5",
    ]  # fmt: skip
    assert str(found["a"][8]) == "0.10"


def test_keys_are_always_words() -> None:
    assert load(b"{on: 1, 5: 2, null: 3, no: 4}").data == {"on": 1, "5": 2, "null": 3, "no": 4}


def test_expressions_and_choices_are_texts_whatever_yaml_takes_them_for() -> None:
    found = load(
        (
            HEAD
            + "- {name: a, title: 5, fields: [{name: b, type: choice, default: 0.10, choices: [1, true]}]}"
        ).encode()
    ).data["entities"][0]

    assert found["title"] == "5"
    assert found["fields"][0] == {"name": "b", "type": "choice", "default": "0.10", "choices": ["1", "true"]}


def test_json_is_read_like_yaml() -> None:
    found = load(b'{"qryvanta": 1, "min": 0.10, "label": "\\ud83d\\ude00 \\u00e9", "entities": null}')

    assert found.data == {"qryvanta": 1, "min": Decimal("0.10"), "label": "😀 é"}
    assert str(found.data["min"]) == "0.10"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "shop.yaml: is empty"),
        (b"\xef\xbb\xbf# only a comment", "is empty"),
        (b"a: 1\na: 2", 'shop.yaml:2: "a" stands here twice'),
        (b'{"a": 1, "a": 2}', '"a" stands here twice'),
        (b"a: 1\nb:\n  c: {d: 1, d: 2}", 'shop.yaml:3: b/c: "d" stands here twice'),
        (b"a: [1\nb: 2", "shop.yaml:2"),
        (b"a: 1\n\tb: 2", "shop.yaml:2"),
        (b"- 1", "must be a mapping"),
        (b"just text", "must be a mapping"),
        (b"a: 1\n---\nb: 2", "shop.yaml:2"),
        (b"a: &x [1]\nb: *x", "anchors and aliases"),
        (b"a: {b: 1}\nc:\n  <<: {d: 1}", ""),
        (b"a: !!python/object/apply:os.system [ls]", "is not supported"),
        (b"a: !custom 1", "the tag !custom is not supported"),
        (b"? [1, 2]\n: 3", "a key must be a word"),
        (b"a: \xff", "shop.yaml:1: is not UTF-8"),
        (b"a: 'x\0'", "shop.yaml"),
        (b"a: " + b"[" * 5000, "shop.yaml"),
        (b"[" * 100_000, "shop.yaml"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": 1e999999999}', "too many digits"),
        (b'{"a": ' + b"[" * 100_000, "shop.yaml"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "anchors and aliases"),
    ],
)
def test_what_is_no_manifest_is_one_clear_error(content: bytes, message: str) -> None:
    if message:
        assert message in refusal(content)
    else:
        # A merge key is an ordinary word, which the schema then refuses.
        assert load(content).data["c"] == {"<<": {"d": 1}}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"gone.yaml: No such file"):
        load(tmp_path / "gone.yaml")


def test_broken_json_names_its_line() -> None:
    assert refusal('{"a": 1,\n "b" 2}', "shop.json").startswith("shop.json:2: ")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_at_all_break_the_reader(content: bytes) -> None:
    with suppress(ManifestError):
        assert load(content).data is not None
