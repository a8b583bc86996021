"""The contrast of the colours, computed from the tokens themselves (WCAG 2)."""

import math
import re

import pytest

from server.screens.formatting import TONES
from server.screens.static import ROOT

Colour = tuple[float, float, float]  # oklch: lightness 0-1, chroma, hue

TEXT = [
    "ink/surface",
    "ink-2/surface",
    "ink-3/surface",
    "ink-3/canvas",
    "ink-3/sunken",
    "accent-ink/surface",
    "accent-ink/accent-soft",
    "on-accent/accent-fill",
    "on-accent/accent-hover",
    "on-accent/danger-fill",
    "danger/surface",
    "danger/danger-soft",
    "warn/surface",
    "warn/warn-soft",
    "ok/surface",
    "ok/ok-soft",
]
BORDERS = ["line-strong/surface", "focus/surface"]
OKLCH = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"


def tokens() -> dict[str, tuple[Colour, Colour]]:
    """Light and dark of every opaque colour."""
    css = re.sub(r"\s+", " ", (ROOT / "styles" / "tokens.css").read_text())
    # The first definition is the normal one; a later one is for people who ask for more contrast.
    css = css.partition("@media (prefers-contrast")[0]
    found = {}
    for match in re.finditer(rf"--([\w-]+): light-dark\( ?{OKLCH}, ?{OKLCH} ?\);", css):
        found[match[1]] = colour(match.groups()[1:4]), colour(match.groups()[4:7])
    for match in re.finditer(rf"--([\w-]+): {OKLCH};", css):
        found[match[1]] = colour(match.groups()[1:4]), colour(match.groups()[1:4])
    return found


def tones() -> dict[str, tuple[float, float]]:
    """Chroma and hue of every tone."""
    css = (ROOT / "styles" / "utilities.css").read_text()
    pattern = r"\.tone-(\w+) \{\s*--tone-chroma: ([\d.]+);\s*--tone-hue: ([\d.]+);\s*\}"
    return {name: (float(chroma), float(hue)) for name, chroma, hue in re.findall(pattern, css)}


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (max(0.0, min(1.0, channel)) for channel in linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colour(parts: tuple[str, ...]) -> Colour:
    return float(parts[0]) / 100, float(parts[1]), float(parts[2])


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("pair", TEXT)
def test_text_can_be_read(pair: str, mode: str) -> None:
    ink, ground = (tokens()[name][mode == "dark"] for name in pair.split("/"))

    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("pair", BORDERS)
def test_borders_and_focus_can_be_seen(pair: str, mode: str) -> None:
    line, ground = (tokens()[name][mode == "dark"] for name in pair.split("/"))

    assert contrast(line, ground) >= 3


@pytest.mark.parametrize("name", TONES)
def test_a_tag_can_be_read_in_every_tone(name: str) -> None:
    chroma, hue = tones()[name]

    # The formulas of .tag in tag.css.
    assert contrast((0.41, chroma * 0.95, hue), (0.952, chroma * 0.27, hue)) >= 4.5
    assert contrast((0.87, chroma * 0.62, hue), (0.295, chroma * 0.42, hue)) >= 4.5
