from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from server.screens.formatting import cell_text, choice_of, initials, input_text, tone_of
from server.screens.showcase import sample_field

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
KEY = UUID("0192f0c1-2f6e-7c11-8a51-7d5a5b1f2c3d")


def field(type: str, **given: Any) -> Any:
    return sample_field(name="it", type=type, label="It", **given)


@pytest.mark.parametrize(
    ("type", "given", "value", "shown"),
    [
        ("integer", {}, 1234567, "1,234,567"),
        ("bigint", {}, -9223372036854775808, f"{MINUS}9,223,372,036,854,775,808"),
        ("decimal", {"scale": 2}, Decimal("4286.5"), "4,286.50"),
        ("decimal", {"scale": 4}, "0.1", "0.1000"),
        ("money", {}, Decimal("32.3800"), "32.38"),
        ("money", {}, Decimal("32.3850"), "32.3850"),
        ("money", {"currency": "EUR"}, "-1250", f"€{SPACE}{MINUS}1,250.00"),
        ("money", {"currency": "CHF"}, 5, f"CHF{SPACE}5.00"),
        ("money", {"currency": "currency_field"}, 5, "5.00"),
        ("float", {}, "1e21", "1,000,000,000,000,000,000,000"),
        ("float", {}, "Infinity", "Infinity"),
        ("percent", {}, Decimal("0.150000"), f"15{SPACE}%"),
        ("percent", {}, Decimal("0.1525"), f"15.25{SPACE}%"),
        ("percent", {}, Decimal("1"), f"100{SPACE}%"),
        ("boolean", {}, False, "No"),
        ("boolean", {}, True, "Yes"),
        ("date", {}, date(1996, 11, 19), "19 Nov 1996"),
        ("date", {}, "1996-07-04", "4 Jul 1996"),
        ("date", {}, "infinity", "infinity"),
        ("time", {}, time(8, 30), "08:30"),
        ("time", {}, "08:30:15", "08:30:15"),
        ("timestamp", {}, datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "22 Nov 2026, 17:00"),
        ("timestamp", {}, "2026-11-22T18:00:00+01:00", "22 Nov 2026, 17:00"),
        ("choice", {}, "in progress", "In progress"),
        ("choice", {}, "forgotten", "forgotten"),
        ("multichoice", {}, ["open", "late"], "Open, Late"),
        ("json", {}, {"a": "ü"}, '{"a": "ü"}'),
        ("uuid", {}, KEY, str(KEY)),
        ("text", {}, "Ernst Handel", "Ernst Handel"),
        ("text", {}, 0, "0"),
        ("integer", {}, 0, "0"),
        ("text", {}, None, ""),
    ],
)
def test_a_value_reads_as_people_write_it(type: str, given: dict[str, Any], value: Any, shown: str) -> None:
    assert cell_text(field(type, **given), value) == shown


def test_a_lookup_reads_as_the_title_of_its_target() -> None:
    assert cell_text(field("lookup"), KEY, "Ernst Handel") == "Ernst Handel"
    assert cell_text(field("lookup"), KEY, None) == str(KEY)


@pytest.mark.parametrize(
    ("type", "value", "text"),
    [
        ("percent", Decimal("0.150000"), "15"),
        ("percent", Decimal("0.0001"), "0.01"),
        ("money", Decimal("32.3800"), "32.38"),
        ("money", Decimal("32.3855"), "32.3855"),
        ("decimal", Decimal("1E+3"), "1000"),
        ("timestamp", datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "2026-11-22T17:00"),
        ("timestamp", "2026-11-22T17:00:05+00:00", "2026-11-22T17:00:05"),
        ("boolean", False, "false"),
        ("boolean", None, ""),
        ("json", {"gift": True}, '{\n  "gift": true\n}'),
        ("json", '{"gift":true}', '{\n  "gift": true\n}'),
        ("date", date(1996, 7, 4), "1996-07-04"),
        ("text", None, ""),
    ],
)
def test_an_input_gets_the_text_that_it_can_send_back(type: str, value: Any, text: str) -> None:
    assert input_text(field(type), value) == text


def test_a_choice_knows_its_label_and_tone_and_a_lost_one_is_gray() -> None:
    assert choice_of(field("choice"), "shipped") == {"value": "shipped", "label": "Shipped", "tone": "green"}
    assert choice_of(field("choice"), "gone")["tone"] == "gray"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mara Lind", "ML"),
        ("Nordfrost", "N"),
        ("Jean-Luc van Damme", "JD"),
        ("", "?"),
        ("  ", "?"),
        ("«Été»", "«"),
    ],
)
def test_initials_are_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_name_has_the_same_tone_every_time() -> None:
    assert tone_of("Mara Lind") == tone_of("Mara Lind")
