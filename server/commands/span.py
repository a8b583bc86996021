"""Time spans as options: 12h, 30d, 8w, 1y."""

import re
from datetime import timedelta

import click

UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "y": timedelta(days=365)}


class Span(click.ParamType[timedelta]):
    """A time span such as 12h, 30d, 8w or 1y."""

    name = "span"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read the span; a wrong one is a usage error."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([1-9][0-9]{0,3})([hdwy])", value)
        if match is None:
            self.fail(f"{value!r} is no time span: write 12h, 30d, 8w or 1y", param, ctx)
        return int(match[1]) * UNITS[match[2]]


SPAN = Span()
