"""The language of rules, formulas, defaults, titles and filters: docs/reference/expressions.md."""

from server.expressions.faults import ExpressionError, Fault
from server.expressions.gate import Expression, check
from server.expressions.inlining import with_formulas
from server.expressions.kinds import is_expressible
from server.expressions.row import FieldType, field_type, row

__all__ = [
    "Expression",
    "ExpressionError",
    "Fault",
    "FieldType",
    "check",
    "field_type",
    "is_expressible",
    "row",
    "with_formulas",
]
