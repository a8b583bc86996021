"""What a plan breaks for others, in words."""

from collections.abc import Sequence
from typing import Any

import click


def show_breaks(rows: Sequence[dict[str, Any]], *, err: bool = False) -> None:
    """Print what would stop working, what stands in the way first, with its remedy."""
    refused = [row for row in rows if row["refused"]]
    if refused:
        click.echo("In the way:", err=err)
        for row in refused:
            click.echo(f"  {row['sentence']}: {row['remedy']}", err=err)
    if len(rows) > len(refused):
        click.echo("Breaks for clients of the old shape:", err=err)
        for row in rows:
            if not row["refused"]:
                click.echo(f"  {row['sentence']}", err=err)
