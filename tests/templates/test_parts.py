"""The files that browsers get: vendored parts as locked, style sheets and scripts within their rules."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

from server.screens.static import ROOT

SHEETS = sorted((ROOT / "styles").glob("*.css"))
SCRIPTS = sorted((ROOT / "scripts").glob("*.js"))
SIDE = "(?:left|right|top|bottom)"
PHYSICAL = rf"(?:margin|padding|border)-{SIDE}\b|(?<![\w-])(?:width|height|{SIDE})\s*:"


def test_vendored_parts_are_what_the_lock_says() -> None:
    done = subprocess.run(
        [sys.executable, ROOT.parent / "vendor.py", "check"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_rule_of_a_sheet_sits_in_a_layer(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    heads = top_level(css)

    assert [head for head in heads if not head.startswith(("@layer", "@font-face"))] == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheets_know_start_and_end_but_not_left_and_right(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/|@(?:media|container)[^{]*", "", path.read_text(), flags=re.DOTALL)

    assert re.findall(PHYSICAL, css) == []


def test_scripts_stay_within_their_budget() -> None:
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in SCRIPTS)

    assert size <= 14 * 1024


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_compile_no_text(path: Path) -> None:
    assert not re.search(r"\beval\(|new Function|innerHTML\s*=|setAttribute\(\"style\"", path.read_text())


def top_level(css: str) -> list[str]:
    """What stands before each outermost pair of braces."""
    heads, depth, head = [], 0, ""
    for character in css:
        if character == "{":
            if depth == 0:
                heads.append(head.strip())
            depth += 1
        elif character == "}":
            depth -= 1
            head = ""
        elif depth == 0:
            head = "" if character == ";" else head + character
    return heads
