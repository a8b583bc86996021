"""Names and values as they stand in a statement."""


def name(word: str) -> str:
    """A quoted identifier."""
    return '"' + word.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text literal; standard_conforming_strings is on everywhere."""
    return "'" + text.replace("'", "''") + "'"
