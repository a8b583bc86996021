"""How an import speaks: a bar while it runs, then what became of the lines."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from server.exchange.intake import Outcome

SHOWN = 20


@contextmanager
def progress(file: Path) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes of `file`, on a terminal only; what it yields hears how many were read."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        size = file.stat().st_size
        reading, writing = f"Reading {file.name}", "Writing records"
        task = bar.add_task(reading, total=size)
        read = 0

        def advance(bytes_read: int) -> None:
            nonlocal read
            read += bytes_read
            bar.update(task, advance=bytes_read, description=writing if read >= size else reading)

        yield advance


def report(outcome: Outcome, dry_run: bool, as_json: bool) -> None:
    """Print what became of the lines."""
    if as_json:
        click.echo(json.dumps(_document(outcome), ensure_ascii=False, indent=2))
        return
    for reject in outcome.rejects[:SHOWN]:
        click.echo(f"line {reject.line}, {reject.column}: {reject.reason}", err=True)
    if outcome.rejected > SHOWN:
        click.echo(f"… and {outcome.rejected - SHOWN} more", err=True)
    counts = outcome.counts
    click.echo(
        f"{outcome.lines} lines: {counts.inserted} inserted, {counts.updated} updated, "
        f"{counts.unchanged} unchanged, {outcome.rejected} rejected"
    )
    for each in counts.warned:
        click.echo(f"{each.records} of the records, {each.field or each.rule}: {each.message}", err=True)
    if not outcome.kept:
        reason = "this was a dry run" if dry_run else "use --rejects FILE to import the good lines"
        click.echo(f"Nothing was written: {reason}.")


def _document(outcome: Outcome) -> dict[str, object]:
    return {
        "lines": outcome.lines,
        **asdict(outcome.counts),
        "rejected": outcome.rejected,
        "written": outcome.kept,
        "rejects": [asdict(reject) for reject in outcome.rejects],
    }
