"""What an unquoted word of YAML means here: YAML 1.2, so that `no`, `on` and `2020-01-31` are text."""

import re
from decimal import Decimal

NULL = re.compile(r"|~|null|Null|NULL")
TRUE = re.compile(r"true|True|TRUE")
FALSE = re.compile(r"false|False|FALSE")
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
LONGEST_NUMBER = 1000  # digits

Scalar = str | int | Decimal | bool | None


def scalar(word: str) -> Scalar:
    """The value of an unquoted word; numbers keep their digits (`0.10`), codes their zeros (`007`)."""
    if NULL.fullmatch(word):
        return None
    if TRUE.fullmatch(word):
        return True
    if FALSE.fullmatch(word):
        return False
    if len(word) > LONGEST_NUMBER:
        return word
    if INTEGER.fullmatch(word):
        return int(word)
    if NUMBER.fullmatch(word):
        return decimal(word)
    return word


def decimal(word: str) -> Decimal | int:
    """A number with its digits; 1e3 is 1000. Raises ValueError when it has too many."""
    value = Decimal(word)
    if abs(value.adjusted()) > LONGEST_NUMBER or len(word) > LONGEST_NUMBER:
        raise ValueError("the number has too many digits")
    plain = format(value, "f")
    return Decimal(plain) if "." in plain else int(plain)


def as_text(value: Scalar) -> str:
    """A value as it is written: what `default: 0` or `choices: [1, 2]` mean as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
