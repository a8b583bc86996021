"""The head of a CSV file, and where each of its columns goes."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from server.exchange.refusal import FileError, MappingError

# What a rejects file has behind its columns, so that it can be mended and imported as it is.
REMARKS = ("line", "column", "reason")


@dataclass(frozen=True)
class Column:
    """A column of the file; `place` counts from 1, `path` is None where nothing is imported."""

    place: int
    header: str
    path: str | None

    @property
    def staged(self) -> str:
        """Its name in the staging table."""
        return f"c{self.place}"


@dataclass(frozen=True)
class Header:
    """The columns of a file and the number of lines on which their names stand."""

    columns: tuple[Column, ...]
    lines: int


def read_header(file: Path, mapping: Mapping[str, str]) -> Header:
    """The header of `file`, mapped; raises FileError, and MappingError for a mapping without column."""
    names, lines = _first_record(file)
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise MappingError(f"{file.name}: the header names {', '.join(repeated)} twice")
    if strange := [name for name in mapping if name not in names]:
        raise MappingError(
            f"--map {strange[0]}=…: {file.name} has no such column; its columns are {', '.join(names)}"
        )
    if tuple(names[-3:]) == REMARKS:
        mapping = {**dict.fromkeys(REMARKS, ""), **mapping}
    columns = [
        Column(place, name, mapping.get(name, name) or None) for place, name in enumerate(names, start=1)
    ]
    return Header(tuple(columns), lines)


def _first_record(file: Path) -> tuple[list[str], int]:
    try:
        # Bad bytes further down are COPY's to report, with their line.
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            reader = csv.reader(text, strict=True)
            names = [name.strip() for name in next(reader, [])]
            lines = reader.line_num
    except OSError as error:
        raise FileError(f"cannot read {file}: {error.strerror}") from error
    except csv.Error as error:
        raise FileError(f"{file.name}: the header cannot be read: {error}") from error
    if any("\udc80" <= character <= "\udcff" for character in "".join(names)):
        raise FileError(f"{file.name}: the header is not UTF-8")
    if not any(names):
        raise FileError(f"{file.name}: the file has no header line")
    if "" in names:
        raise FileError(f"{file.name}: column {names.index('') + 1} of the header has no name")
    return names, lines
