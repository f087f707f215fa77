"""Does the lint find every kind of mistake, on its line, and nothing in a sound catalogue?"""

from datetime import date

import pytest
from typer.testing import CliRunner

from services.intake.__main__ import cli
from tests.support.broken_catalogue import MARK, changed, lint, marked, tiny_catalogue
from tests.support.forms import CATALOGUE

NEEDS = "        needs: [police_check, own_check]\n"
JOIN = "    join: {rule: lead, lead: decision}\n"
POLICE = "        check: identity\n"
OWN = "        check: duplicate\n"
WHEN = "when: form.amount_fen > params.floor_fen"
PLACE_WITH_MESSAGE = "x-en: Place, x-messages: {\n      pattern: {zh: 错}}}  # <--"
OTHER_PLACE = "    division: '330107000000'  # <--\n"
OFFICE_OF_VILLAGE = "acceptance_office: {function: civil-affairs, level: village}  # <--"


def catalogue_files() -> dict[str, str]:
    paths = [CATALOGUE / "item.schema.json", *CATALOGUE.glob("*/*.yaml")]
    return {
        path.relative_to(CATALOGUE).as_posix(): path.read_text(encoding="utf-8") for path in paths
    }


def test_the_catalogue_of_this_house_has_no_fault():
    assert lint(catalogue_files()) == []


def test_the_tiny_catalogue_has_no_fault():
    assert lint(tiny_catalogue()) == []


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        # Who is asked does not exist, or does not answer this.
        ("missing-office", "level: county}", "level: township}  # <--"),
        ("unknown-partner", "handler: partner:police", "handler: partner:polcie  # <--"),
        ("unknown-service", "handler: service:relief", "handler: service:releif  # <--"),
        ("unknown-check", POLICE, "        check: identiy  # <--\n"),
        ("unknown-check", OWN, "        check: duplicates  # <--\n"),
        ("unknown-effect", "name: grant}", "name: grand}  # <--"),
        # Waiting that never ends.
        ("unknown-task", NEEDS, "        needs: [police_chek]  # <--\n"),
        ("cycle", POLICE, POLICE + "        needs: [decision]  # <--\n"),
        ("unreachable", WHEN, "when: 1 > 2  # <--"),
        # Fields that the form does not have.
        ("unknown-field", WHEN, "when: form.amuont_fen > params.floor_fen  # <--"),
        ("unknown-field", "division: place\n", "division: plaec  # <--\n"),
        ("unknown-field", "summary: [amount_fen]", "summary: [amount]  # <--"),
        ("unknown-parameter", "params.floor_fen", "params.flor_fen  # <--"),
        ("bad-expression", WHEN, "when: form.amount_fen >  # <--"),
        ("bad-expression", WHEN, "when: facts.police_check.ok  # <--"),
        # Joins that nobody can meet.
        ("join-never-met", JOIN, "    join: {rule: lead, lead: nobody}  # <--\n"),
        ("join-never-met", JOIN, "    join: {rule: at_least, count: 4}  # <--\n"),
        # The same thing twice.
        ("duplicate-key", "kind: benefit\n", "kind: benefit\nkind: licence  # <--\n"),
        ("duplicate-key", "- key: own_check", "- key: police_check  # <--"),
        # Words in one language only.
        ("missing-translation", "title: {zh: 决定, en: Decision}", "title: {zh: 决定}  # <--"),
        ("missing-translation", ", title: 金额, x-en: Amount}", ", title: 金额}  # <--"),
        ("missing-translation", "x-en: Place, format: division}", PLACE_WITH_MESSAGE),
        # Shape.
        ("schema", "kind: benefit", "kind: gift  # <--"),
        ("unreadable", "category: 1", "category: [1  # <--"),
        ("wrong-file", "code: TS101", "code: TS102  # <--"),
        ("malformed", "format: division", "format: divsion"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_on_its_line(code, old, new):
    files = changed(old, new)
    found = lint(files)
    assert code in [fault.code for fault in found]
    if MARK in new and code != "unreadable":
        assert marked(files) in [(fault.file, fault.line) for fault in found if fault.code == code]


def test_a_task_that_waits_for_an_approval_nobody_can_give_is_never_opened():
    files = changed(
        NEEDS,
        "        needs: ['police_check:approved']\n",
    )
    files["items/TS101.yaml"] = files["items/TS101.yaml"].replace(
        POLICE, POLICE + "        verdicts: [refuse, not-applicable]\n"
    )
    (fault,) = lint(files)
    assert fault.code == "unreachable"
    assert "relief.decision" in fault.message
    line = files["items/TS101.yaml"].splitlines()[fault.line - 1]
    assert line == "      - key: decision"


def test_a_task_after_the_decision_of_its_matter_is_never_opened():
    late = POLICE + "        needs: [decision]\n"
    files = changed(POLICE, late)
    files["items/TS101.yaml"] = files["items/TS101.yaml"].replace(NEEDS, "")
    assert [(fault.code, "police_check" in fault.message) for fault in lint(files)] == [
        ("unreachable", True)
    ]


def test_a_join_of_all_with_a_task_that_cannot_approve_is_never_met():
    files = changed(JOIN, "    join: {rule: all}\n")
    files["items/TS101.yaml"] = files["items/TS101.yaml"].replace(
        POLICE, POLICE + "        verdicts: [refuse]\n"
    )
    assert [fault.code for fault in lint(files)] == ["join-never-met"]


def test_a_lead_that_cannot_approve_is_never_met():
    files = changed(NEEDS, NEEDS + "        verdicts: [refuse, not-applicable]\n")
    assert [fault.code for fault in lint(files)] == ["join-never-met"]


def test_more_approvals_wanted_than_tasks_can_give_are_never_met():
    files = changed(JOIN, "    join: {rule: at_least, count: 3}\n")
    files["items/TS101.yaml"] = files["items/TS101.yaml"].replace(
        POLICE, POLICE + "        verdicts: [refuse]\n"
    )
    assert [fault.code for fault in lint(files)] == ["join-never-met"]


def test_working_days_without_a_calendar_cannot_be_counted():
    files = tiny_catalogue()
    del files["calendar/2026.yaml"]
    codes = {fault.code for fault in lint(files)}
    assert codes == {"missing-calendar"}


def test_a_year_whose_calendar_is_not_there_is_a_fault():
    found = lint(tiny_catalogue(), on=date(2027, 1, 4))
    assert {fault.code for fault in found} == {"missing-calendar"}
    assert all("2027" in fault.message for fault in found)


def test_a_calendar_that_contradicts_itself_is_a_fault():
    files = changed(
        "holidays: []", "holidays: [{zh: 节, en: F, first: 2026-02-02, last: 2026-02-01}]",
        file="calendar/2026.yaml",
    )  # fmt: skip
    assert ("calendar/2026.yaml", "missing-calendar") in [
        (fault.file, fault.code) for fault in lint(files)
    ]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("unknown-office", "offices: [county]}", "offices: [conuty]}  # <--"),
        ("unknown-division", "    division: '330106000000'\n", OTHER_PLACE),
        ("duplicate-key", "partners:\n", "partners:\n  - {system: police}\n"),
    ],
)  # fmt: skip
def test_a_mistake_among_the_places_is_found(code, old, new):
    files = changed(old, new, file="places/all.yaml")
    found = lint(files)
    assert [fault.code for fault in found] == [code]
    if MARK in new:
        assert (found[0].file, found[0].line) == marked(files)


@pytest.mark.parametrize("text", ["", "- a list\n", "day: 2026-02-30\n", "bell: \a\n"])
def test_a_file_that_is_no_mapping_of_sound_values_cannot_be_read(text):
    files = tiny_catalogue() | {"items/TS102.yaml": text}
    assert [(fault.file, fault.code) for fault in lint(files)] == [
        ("items/TS102.yaml", "unreadable")
    ]


@pytest.mark.parametrize("text", [None, "{"])
def test_without_the_schema_of_items_none_is_looked_at(text):
    files = {name: each for name, each in tiny_catalogue().items() if name != "item.schema.json"}
    found = lint(files if text is None else files | {"item.schema.json": text})
    assert [(fault.file, fault.code) for fault in found] == [("item.schema.json", "unreadable")]


def test_two_files_of_one_item_are_a_fault():
    files = tiny_catalogue()
    files["items/TS101-copy.yaml"] = files["items/TS101.yaml"]
    assert {fault.code for fault in lint(files)} == {"duplicate-key", "wrong-file"}


def test_an_office_that_accepts_must_exist():
    files = changed(
        "acceptance: automatic\n",
        f"acceptance: officer\n{OFFICE_OF_VILLAGE}\n",
    )
    (fault,) = lint(files)
    assert (fault.code, fault.file, fault.line) == ("missing-office", *marked(files))


def written(tmp_path, files):
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_the_command_names_file_and_line_and_ends_with_status_one(tmp_path):
    files = changed("handler: partner:police", "handler: partner:polcie  # <--")
    folder = written(tmp_path, files)
    result = CliRunner().invoke(cli, ["catalogue", "lint", folder, "--on", "2026-11-23"])
    file, line = marked(files)
    assert result.exit_code == 1
    assert f"{folder}/{file}:{line}: unknown-partner" in result.output


def test_the_command_ends_with_status_nought_where_nothing_is_wrong(tmp_path):
    folder = written(tmp_path, tiny_catalogue())
    result = CliRunner().invoke(cli, ["catalogue", "lint", folder, "--on", "2026-11-23"])
    assert result.exit_code == 0
    assert "没有发现错误" in result.output
