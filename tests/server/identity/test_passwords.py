"""Which passwords are refused."""

import pytest

from server.identity import passwords


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "at least 10"),
        ("x" * 2000, "at most 1000"),
        ("password123", "first"),
        ("PassWord123", "first"),
        ("aaaaaaaaaaaa", "first"),
        ("ann.smith@example.org", "more than"),
        ("ann.smith1", "more than"),
        ("Ann Smith 1", "more than"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    fault = passwords.fault(password, email="ann.smith@example.org", name="Ann Smith")

    assert fault is not None
    assert reason in fault


@pytest.mark.parametrize("password", ["correct horse battery", "Zürich ist schön", "0x5f3759df-magic"])
def test_a_long_one_needs_no_special_characters(password: str) -> None:
    assert passwords.fault(password, email="ann.smith@example.org", name="Ann Smith") is None


async def test_the_same_letters_from_another_keyboard_match() -> None:
    stored = await passwords.digest("Zu\u0308rich am See")

    assert await passwords.matches("Z\u00fcrich am See", stored)
