"""Read the small languages of the dialect from left to right."""

import re

from server.database.errors import Refusal

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
NAME = re.compile(r"[^\s,()!:.\"<>{}*+-]+")


def malformed(message: str) -> Refusal:
    """The refusal of a query that cannot be read."""
    return Refusal(400, "PGRST100", message)


class Reader:
    """A place in a text; what is read is consumed. Anything unexpected raises a 400 that names `what`."""

    def __init__(self, text: str, what: str) -> None:
        self.text = text
        self.what = what
        self.at = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self.text)

    def ahead(self, token: str) -> bool:
        return self.text.startswith(token, self.at)

    def take(self, token: str) -> bool:
        """Consume `token` if it comes next."""
        found = self.ahead(token)
        if found:
            self.at += len(token)
        return found

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise self.refuse(f'expected "{token}"')

    def quoted(self) -> str | None:
        """A text in double quotes, unescaped, if one comes next."""
        match = QUOTED.match(self.text, self.at)
        if not match:
            return None
        self.at = match.end()
        return ESCAPE.sub(r"\1", match.group(1))

    def name(self) -> str:
        """A name, bare or in double quotes."""
        quoted = self.quoted()
        if quoted is not None:
            return quoted
        match = NAME.match(self.text, self.at)
        if not match:
            raise self.refuse("expected a name")
        self.at = match.end()
        return match.group()

    def until(self, stops: str) -> str:
        """Everything up to one of the characters `stops`, or a text in double quotes that they follow."""
        start = self.at
        quoted = self.quoted()
        if quoted is not None and (self.done or self.text[self.at] in stops):
            return quoted
        self.at = start
        while not self.done and self.text[self.at] not in stops:
            self.at += 1
        return self.text[start : self.at]

    def rest(self) -> str:
        start, self.at = self.at, len(self.text)
        return self.text[start:]

    def end(self) -> None:
        if not self.done:
            raise self.refuse("unexpected text")

    def refuse(self, reason: str) -> Refusal:
        return malformed(f"{self.what} cannot be read at character {self.at + 1}: {reason}")
