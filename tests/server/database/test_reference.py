"""The page of errors is that of the table."""

from pathlib import Path

from server.database.reference import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "errors.md"


def test_the_page_of_errors_is_current() -> None:
    assert PAGE.read_text() == page()
