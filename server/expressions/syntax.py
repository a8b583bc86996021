"""Text to syntax tree. The tokens are judged first: what is not on the list never reaches the parser."""

from collections.abc import Collection, Iterator

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from server.expressions.faults import ExpressionError, Fault, fault_at, suggestion

LONGEST = 4000  # characters
MOST_TOKENS = 800
DEEPEST = 20  # brackets in brackets; the parser itself recurses about 20 frames for each

FUNCTIONS = frozenset(
    {
        "abs", "btrim", "cardinality", "cast", "ceil", "ceiling", "char_length", "coalesce", "extract",
        "floor", "greatest", "least", "left", "length", "lower", "ltrim", "mod", "now", "nullif",
        "position", "power", "replace", "right", "round", "rtrim", "sign", "sqrt", "starts_with",
        "strpos", "substr", "substring", "trim", "trunc", "upper",
    }
)  # fmt: skip
# What may stand before an opening bracket without being a function.
BEFORE_BRACKET = frozenset(
    {
        "and", "any", "array", "between", "case", "else", "from", "ilike", "in", "is", "like", "not",
        "or", "then", "when",
    }
)  # fmt: skip
ADVICE = {
    "concat": "write a || b",
    "date_part": "write extract(year from …)",
    "date_trunc": "it depends on the time zone; write extract(year from …)",
    "to_char": "it depends on settings of the session",
}
SIGNS = {
    TokenType.CARET: "^ is not allowed; write power(a, b)",
    TokenType.IDENTIFIER: "names stand without quotes, text in single quotes",
    TokenType.SEMICOLON: "one expression only, without a semicolon",
    TokenType.DOT: "only fields of the same record can be used, without a dot",
    TokenType.L_BRACKET: "[ ] stand only in array['a', 'b'] and text[]",
    TokenType.STAR: "* stands only between two numbers",
}
ALLOWED_SIGNS = frozenset(
    {
        TokenType.STRING, TokenType.NUMBER, TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA,
        TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH, TokenType.MOD, TokenType.DPIPE,
        TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE,
        TokenType.DCOLON, TokenType.AT_GT, TokenType.LT_AT, TokenType.DAMP, TokenType.R_BRACKET,
        TokenType.L_BRACKET,
    }
)  # fmt: skip
# A field with this name is always the keyword where it stands.
GRAMMAR = "between"


def parse(text: str, names: Collection[str]) -> exp.Expression:
    """The syntax tree of one expression; raises ExpressionError. `names` are the fields it may use."""
    refuse_characters(text)
    try:
        tokens = Postgres().tokenize(text)
    except TokenError:
        raise ExpressionError([Fault(1, 1, "a quote is not closed")]) from None
    faults = list(token_faults(text, tokens))
    if faults:
        raise ExpressionError(faults)
    words = [as_name(tokens, index, names) for index in range(len(tokens))]
    return tree(text, list(with_casts(words)))


def refuse_characters(text: str) -> None:
    """Control characters have no place in an expression; PostgreSQL cannot store NUL at all."""
    if not text.strip():
        raise ExpressionError([Fault(1, 1, "the expression is empty")])
    if len(text) > LONGEST:
        raise ExpressionError([Fault(1, 1, f"longer than {LONGEST} characters")])
    for offset, character in enumerate(text):
        if not (character.isprintable() or character in "\n\r\t"):
            message = f"the character U+{ord(character):04X} is not allowed"
            raise ExpressionError([fault_at(text, offset, message)])


def token_faults(text: str, tokens: list[Token]) -> Iterator[Fault]:
    end = depth = 0
    for index, token in enumerate(tokens):
        gap = text[end : token.start]
        if gap.strip():
            yield fault_at(text, end + len(gap) - len(gap.lstrip()), "comments are not allowed")
        end = token.end + 1
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        message = token_fault(text, tokens, index)
        if message is None and (depth > DEEPEST or index >= MOST_TOKENS):
            message = "too long or too deeply nested"
        if message is not None:
            yield fault_at(text, token.start, message)
            if depth > DEEPEST or index >= MOST_TOKENS:
                return
    tail = text[end:]
    if tail.strip():
        yield fault_at(text, end + len(tail) - len(tail.lstrip()), "comments are not allowed")


def token_fault(text: str, tokens: list[Token], index: int) -> str | None:
    token = tokens[index]
    source = text[token.start : token.end + 1]
    before = tokens[index - 1] if index else None
    if token.token_type == TokenType.STRING:
        return string_fault(source, token, before)
    if source.replace("_", "").isalnum() and source[0].isalpha() and source.isascii():
        return word_fault(source.lower(), tokens[index + 1 : index + 2])
    if token.token_type == TokenType.L_BRACKET and before is not None:
        return None if before.text.lower() in ("array", "text") else SIGNS[token.token_type]
    if token.token_type in ALLOWED_SIGNS:
        return None
    return SIGNS.get(token.token_type, f"{source[:20]} is not allowed")


def string_fault(source: str, token: Token, before: Token | None) -> str | None:
    if before is not None and before.token_type == TokenType.STRING:
        return "write one text, or join two with ||"
    if source != "'" + token.text.replace("'", "''") + "'":
        return "text stands in plain single quotes"
    return None


def word_fault(word: str, following: list[Token]) -> str | None:
    if not following or following[0].token_type != TokenType.L_PAREN:
        return None
    if word in FUNCTIONS or word in BEFORE_BRACKET:
        return None
    advice = f": {ADVICE[word]}" if word in ADVICE else suggestion(word, sorted(FUNCTIONS))
    return f'function "{word}" is not allowed{advice}'


def as_name(tokens: list[Token], index: int, names: Collection[str]) -> Token:
    """A field may be called `date` or `left`: where it can only be the field, it is one."""
    token = tokens[index]
    word = token.text.lower()
    if token.token_type == TokenType.STRING or word not in names or word == GRAMMAR:
        return token
    before = tokens[index - 1].text.lower() if index else ""
    after = tokens[index + 1].token_type if index + 1 < len(tokens) else None
    is_type = before in ("::", "as") or after in (TokenType.STRING, TokenType.L_PAREN)
    if is_type:
        return token
    return Token(TokenType.VAR, token.text, token.line, token.col, token.start, token.end)


def with_casts(tokens: list[Token]) -> Iterator[Token]:
    """`interval 'P1M'` as `'P1M'::interval`: sqlglot takes the text apart, and M for a minute."""
    waiting: Token | None = None
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.token_type == TokenType.INTERVAL and following and following.token_type == TokenType.STRING:
            waiting = token
            continue
        yield token
        if waiting:
            yield Token(TokenType.DCOLON, "::", token.line, token.col, token.start, token.end)
            yield Token(TokenType.INTERVAL, "interval", token.line, token.col, token.start, token.end)
            waiting = None


def tree(text: str, tokens: list[Token]) -> exp.Expression:
    try:
        found = Postgres().parser().parse_into(exp.Condition, tokens, text)
    except ParseError as error:
        raise ExpressionError([syntax_fault(text, tokens, error)]) from None
    except RecursionError:
        raise ExpressionError([Fault(1, 1, "too deeply nested")]) from None
    if len(found) != 1 or not isinstance(found[0], exp.Expression):
        raise ExpressionError([Fault(1, 1, "this is not an expression")])
    return found[0]


def syntax_fault(text: str, tokens: list[Token], error: ParseError) -> Fault:
    """sqlglot points behind a token: the token that ends there is where the text stops making sense."""
    place = error.errors[0] if error.errors else {}
    for token in tokens:
        if (token.line, token.col) == (place.get("line"), place.get("col")):
            source = text[token.start : token.end + 1]
            return fault_at(text, token.start, f"does not make sense at {source}")
    return Fault(1, 1, "this is not an expression")
