"""What may a condition say, what does it come to, and what did it look at?"""

import pytest

from services.intake.errors import ExpressionUnusable
from services.intake.model import ConditionInput
from services.intake.rules.expressions import Expressions, Scope, evaluate, holds

FORM = {
    "amount_fen": 1000,
    "type": "EMERGENCY",
    "choices": ["fund", "card"],
    "applicant": {"name": "陈示例", "phone": "13800010001"},
}
SCOPE = Scope.of(
    form=FORM, params={"limit_fen": 360000}, visible=frozenset({"amount_fen", "type", "choices"})
)


@pytest.fixture
def expressions():
    return Expressions()


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("form.amount_fen <= params.limit_fen", True),
        ("form.type == 'EXPENDITURE'", False),
        ("'fund' in form.choices && size(form.choices) == 2", True),
        ("has(form.partner) && form.partner.name == 'x'", False),
        ("form.choices.exists(choice, choice.startsWith('car'))", True),
        ("form.amount_fen * 2 + 1", 2001),
        ("form.choices.filter(choice, choice != 'card')", ["fund"]),
        ("form.type", "EMERGENCY"),
        ("double(form.amount_fen) / 3.0 > 333.3", True),
        ("has(form.applicant.age)", False),
        ("has(form.applicant) && has(form.applicant.name)", True),
        ("form.applicant.name == form['applicant'].name", True),
        ("size(form.applicant) == 2 && form.applicant.phone != ''", True),
        ("size(params) == 1", True),
        ("true", True),
    ],
)
def test_an_expression_comes_to_a_plain_value(source, value, expressions):
    found = evaluate(source, SCOPE, expressions=expressions).value
    assert found == value
    assert type(found) is type(value)


def test_a_condition_says_what_it_looked_at(expressions):
    evaluation = holds("form.amount_fen <= params.limit_fen", SCOPE, expressions=expressions)
    assert evaluation.inputs == (
        ConditionInput(path="form.amount_fen", value=1000),
        ConditionInput(path="params.limit_fen", value=360000),
    )


def test_a_field_outside_the_summary_is_named_but_its_value_is_withheld(expressions):
    evaluation = holds("form.applicant.name != ''", SCOPE, expressions=expressions)
    assert evaluation.inputs == (ConditionInput(path="form.applicant.name", withheld=True),)


def test_the_variable_of_a_repetition_is_not_an_input(expressions):
    source = "form.choices.exists(choice, choice == 'card')"
    evaluation = holds(source, SCOPE, expressions=expressions)
    assert [each.path for each in evaluation.inputs] == ["form.choices"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("form.amount_fen <=", "cannot be read"),
        ("form.amount_fen <= )", "cannot be read"),
        ("amount_fen > 1", "amount_fen is not known"),
        ("form.type.matches('(a+)+$')", "matches is not a function"),
        ("timestamp('2026-01-01T00:00:00Z') > form.x", "timestamp is not a function"),
        ("form.a.all(x, form.b.all(y, x == y))", "inside another repetition"),
        ("form.type == '" + "x" * 500 + "'", "longer than 500"),
        ("form.partner.name == 'x'", "looks at a field that is absent"),
        ("form.amount_fen > 'x'", "do not go together"),
        ("form.amount_fen / 0 > 1", "has no value"),
        ("form.amount_fen", "neither true nor false"),
    ],
)
def test_a_condition_that_cannot_work_says_why(source, reason, expressions):
    with pytest.raises(ExpressionUnusable) as refusal:
        holds(source, SCOPE, expressions=expressions)
    assert reason in refusal.value.facts["reason"]


def test_a_refusal_never_repeats_what_was_looked_at(expressions):
    with pytest.raises(ExpressionUnusable) as refusal:
        holds("form.applicant.name > 5", SCOPE, expressions=expressions)
    assert "陈示例" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_question_asked_again_in_the_same_case_has_the_same_answer(expressions):
    scope = Scope.of(form=FORM, params={"limit_fen": 1})
    first = evaluate("form.amount_fen > params.limit_fen", scope, expressions=expressions)
    again = evaluate("form.amount_fen > params.limit_fen", scope, expressions=expressions)
    assert first is again


def test_an_expression_is_compiled_once(expressions):
    source = "form.amount_fen > 1"
    assert expressions.get(source) is expressions.get(source)


def test_the_oldest_condition_goes_when_there_are_too_many():
    expressions = Expressions(size=2)
    first = expressions.get("form.a > 1")
    for source in ("form.b > 1", "form.c > 1"):
        expressions.get(source)
    assert expressions.get("form.a > 1") is not first
