"""What is wrong with a form: all of it, by place and code, and never by what was written.

Forms are JSON Schema 2020-12. Beside its words a schema carries ours: `title` and `x-en`
name a field, and `x-messages` says, by keyword, what to tell the applicant.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from services.intake.errors import FormInvalid
from services.intake.model import FieldProblem, ServiceItem, Text
from services.intake.rules.format import form_formats
from services.intake.rules.paths import schema_at
from shared.identifiers import InvalidIdentifier

MOST_PROBLEMS = 100
"""Nobody reads more, and nobody may make us write more."""

_CODES = {
    "additionalProperties": "unknown-field",
    "minLength": "too-short",
    "maxLength": "too-long",
    "minItems": "too-few",
    "maxItems": "too-many",
    "minimum": "too-small",
    "maximum": "too-large",
    "exclusiveMinimum": "too-small",
    "exclusiveMaximum": "too-large",
    "uniqueItems": "repeated",
    "enum": "not-offered",
    "const": "not-agreed",
    "type": "wrong-type",
    "pattern": "wrong-pattern",
}

_MESSAGES = {
    "required": Text(zh="请填写{zh}", en="{en} is required"),
    "unknown-field": Text(zh="{zh}含有不需要的内容", en="{en} has a field that is not known"),
    "too-short": Text(zh="{zh}过短", en="{en} is too short"),
    "too-long": Text(zh="{zh}过长", en="{en} is too long"),
    "too-few": Text(zh="{zh}的项数不足", en="{en} has too few entries"),
    "too-many": Text(zh="{zh}的项数过多", en="{en} has too many entries"),
    "too-small": Text(zh="{zh}过小", en="{en} is too small"),
    "too-large": Text(zh="{zh}过大", en="{en} is too large"),
    "repeated": Text(zh="{zh}有重复", en="{en} has the same entry twice"),
    "not-offered": Text(zh="{zh}不在可选范围内", en="{en} is not one of the choices"),
    "not-agreed": Text(zh="{zh}须为规定内容", en="{en} must be as prescribed"),
    "wrong-type": Text(zh="{zh}的类型不对", en="{en} has the wrong type"),
    "wrong-pattern": Text(zh="{zh}的格式不对", en="{en} has the wrong format"),
    "calendar-date": Text(zh="{zh}不是有效日期", en="{en} is not a valid date"),
    "past-date": Text(zh="{zh}不是有效日期或晚于今天", en="{en} is not a date up to today"),
    "past-instant": Text(
        zh="{zh}不是带时区的有效时间或晚于今天",
        en="{en} is not a time, with its zone, up to today",
    ),
    "person-name": Text(zh="{zh}不是有效的姓名", en="{en} is not a valid name"),
    "identifier": Text(zh="{zh}不是有效的编号", en="{en} is not a valid identifier"),
}
_OTHERWISE = Text(zh="{zh}不符合要求", en="{en} is not acceptable")


def validate_form(
    item: ServiceItem, form: Mapping[str, object], *, today: date
) -> tuple[FieldProblem, ...]:
    """Everything that is wrong with a form; empty when nothing is.

    Args:
        item: The item whose form it is.
        form: The form as it came, plain JSON values.
        today: The legal date in Asia/Shanghai; nothing past can be later.

    Source:
        行政许可法 art. 32(4) (told once, everything); 个人信息保护法 art. 6 for not repeating it.
    """
    validator = Draft202012Validator(item.form, format_checker=form_formats(today))
    problems: dict[tuple[str, str], FieldProblem] = {}
    for error in validator.iter_errors(form):
        for problem in _problems(error, item.form):
            problems.setdefault((problem.pointer, problem.code), problem)
        if len(problems) >= MOST_PROBLEMS:
            break
    return tuple(sorted(problems.values(), key=lambda each: (each.pointer, each.code)))


def require_form(item: ServiceItem, form: Mapping[str, object], *, today: date) -> None:
    """Refuse a form with mistakes.

    Raises:
        FormInvalid: With every mistake.

    Source:
        行政许可法 art. 32(4) (told once, everything).
    """
    problems = validate_form(item, form, today=today)
    if problems:
        raise FormInvalid(problems)


def _problems(error: ValidationError, form: Mapping[str, object]) -> Iterator[FieldProblem]:
    """The problems one finding of the validator stands for."""
    place = list(error.absolute_path)
    code = _code(error)
    if code != "required":
        field = schema_at(form, place) or {}
        yield _problem(place, code, _message(error, code, field))
        return
    for name in _absent(error):
        field = schema_at(form, [*place, name]) or {}
        yield _problem([*place, name], code, _message(error, code, field))


def _absent(error: ValidationError) -> list[str]:
    """The fields that a `required` misses; it is told once for each, so all are told once."""
    names: Any = error.validator_value
    present: Any = error.instance
    return [name for name in names if name not in present]


def _problem(place: list[str | int], code: str, message: Text) -> FieldProblem:
    pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)
    return FieldProblem(pointer=pointer, code=code, message=message)


def _code(error: ValidationError) -> str:
    keyword = str(error.validator)
    if keyword == "format":
        return str(error.validator_value)
    return _CODES.get(keyword, keyword)


def _message(error: ValidationError, code: str, field: Mapping[str, Any]) -> Text:
    """The field's own words for this mistake, or the reader's, or the usual ones with its name."""
    own = field.get("x-messages", {}).get(str(error.validator))
    if own is not None:
        return Text(zh=own["zh"], en=own["en"])
    if isinstance(error.cause, InvalidIdentifier):
        return Text(zh=error.cause.message_zh, en=error.cause.message_en)
    usual = _MESSAGES.get(code, _OTHERWISE)
    zh, en = field.get("title", "此项"), field.get("x-en", "This field")
    return Text(zh=usual.zh.format(zh=zh), en=usual.en.format(en=en))
