"""What do the rules of the registry say?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registry.errors import CatalogueInvalid, DisclosureIncomplete
from services.registry.model import (
    Catalogue,
    Client,
    ClientKind,
    GrantRefusal,
    InRegister,
    KeyStatus,
    LifeStatus,
    PersonKind,
    SigningKey,
)
from services.registry.rules import death, grants, identity
from services.registry.rules.publication import canonical, drafts_of, item_faults
from tests.support.registry import (
    STRANGER,
    TODAY,
    a_grant,
    a_report,
    a_resident,
    disclosed_death,
    in_force,
)

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PRINCIPAL = "a" * 64


@pytest.mark.law("民法典", 15)
def test_a_living_resident_of_that_name_and_number_may_have_died():
    finding = death.assess_death(a_report(), a_resident(), today=TODAY)
    assert (finding.verdict, finding.found) == ("approve", InRegister.ALIVE)


def test_a_person_in_no_register_is_believed_on_the_certificate():
    finding = death.assess_death(a_report(id_number=STRANGER), None, today=TODAY)
    assert (finding.verdict, finding.found) == ("approve", InRegister.NOT_IN_REGISTER)


def test_the_same_day_twice_is_no_contradiction():
    known = a_resident(status=LifeStatus.DECEASED, died_on=date(2026, 11, 20))
    finding = death.assess_death(a_report(), known, today=TODAY)
    assert (finding.verdict, finding.found) == ("approve", InRegister.ALREADY_RECORDED)


@pytest.mark.law("民法典", 15)
def test_nobody_dies_on_two_days():
    known = a_resident(status=LifeStatus.DECEASED, died_on=date(2026, 11, 19))
    finding = death.assess_death(a_report(), known, today=TODAY)
    assert (finding.verdict, finding.found) == ("refuse", InRegister.RECORDED_OTHERWISE)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "别的名字"},
        {"died_on": date(1950, 1, 1)},
        {"died_on": date(2026, 11, 23)},
        {"id_number": "330106195203040058"},
        {"id_number": "not a number"},
    ],
    ids=["other name", "before birth", "tomorrow", "wrong check digit", "no number"],
)
def test_what_cannot_be_this_person_is_sent_back_for_correction(changed):
    finding = death.assess_death(a_report(**changed), a_resident(), today=TODAY)
    assert (finding.verdict, finding.found) == ("needs-correction", InRegister.NOT_THIS_PERSON)


def test_no_opinion_repeats_what_was_reported():
    for report, known in (
        (a_report(), a_resident()),
        (a_report(), None),
        (a_report(name="某某"), a_resident()),
    ):
        opinion = death.assess_death(report, known, today=TODAY).opinion
        assert report.name not in opinion
        assert report.id_number not in opinion


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("买买提·吐尔逊", "买买提•吐尔逊", True),
        ("买买提 吐尔逊", "买买提吐尔逊", True),
        ("陈示例", "陈示列", False),
    ],
)
def test_dots_and_spaces_do_not_make_another_name(one, other, same):
    assert death.is_same_name(one, other) is same


@pytest.mark.parametrize("missing", ["deceased", "death"])
def test_a_report_without_its_parts_is_not_guessed_at(missing):
    fields = {name: part for name, part in disclosed_death().items() if name != missing}
    with pytest.raises(DisclosureIncomplete):
        death.read_report(fields)


def test_a_date_that_is_none_is_not_guessed_at():
    with pytest.raises(DisclosureIncomplete):
        death.read_report(disclosed_death(died_on="last week"))


def test_a_death_record_has_a_number_without_the_person_in_it():
    assert death.record_number("330106109201", TODAY, 42) == "SW33010620260000042"


@pytest.mark.law("民法典", 173)
@pytest.mark.parametrize(
    ("changed_grant", "changed_people", "refusal"),
    [
        ({}, {}, None),
        ({"revoked_at": NOW}, {}, GrantRefusal.GRANT_REVOKED),
        ({"expires_on": date(2026, 11, 21)}, {}, GrantRefusal.GRANT_EXPIRED),
        ({"expires_on": TODAY}, {}, None),
        ({}, {"principal_is_alive": False}, GrantRefusal.PERSON_DECEASED),
        ({}, {"agent_is_alive": False}, GrantRefusal.PERSON_DECEASED),
        ({}, {"principal_index": "b" * 64}, GrantRefusal.OTHER_PRINCIPAL),
        ({"items": frozenset({"BND-02"})}, {}, GrantRefusal.ITEM_NOT_COVERED),
    ],
    ids=[
        "in force",
        "revoked",
        "over yesterday",
        "last day",
        "principal died",
        "agent died",
        "other principal",
        "other item",
    ],
)
def test_a_grant_covers_what_it_says_while_it_holds(changed_grant, changed_people, refusal):
    grant = a_grant(**changed_grant)
    found = grants.grant_refusal(
        in_force(grant, **changed_people),
        agent=str(grant.agent),
        principal_index=PRINCIPAL,
        item="JZ201",
        today=TODAY,
    )
    assert found is refusal


def test_a_stranger_learns_nothing_of_a_revoked_grant():
    found = grants.grant_refusal(
        in_force(a_grant(revoked_at=NOW)),
        agent="somebody else",
        principal_index=PRINCIPAL,
        item="JZ201",
        today=TODAY,
    )
    assert found is GrantRefusal.OTHER_AGENT


@pytest.mark.parametrize(
    ("days", "acceptable"), [(-1, False), (0, True), (366, True), (367, False)]
)
def test_a_grant_runs_from_today_for_a_year_at_most(days, acceptable):
    until = TODAY + timedelta(days=days)
    assert grants.is_period_acceptable(until, today=TODAY) is acceptable


@pytest.mark.law("民法典", 161)
def test_nobody_marries_for_another():
    definitions = {"JZ201": {"owner": "relief"}, "HY601": {"owner": "marriage"}}
    assert grants.are_grantable({"JZ201"}, definitions)
    assert not grants.are_grantable({"JZ201", "HY601"}, definitions)
    assert not grants.are_grantable({"XX999"}, definitions)


def a_client(**changes):
    given = {
        "id": "police",
        "kind": ClientKind.PARTNER,
        "system": "police",
        "audiences": frozenset({"intake"}),
        **changes,
    }
    return Client(**given)


def test_a_partner_may_call_the_window_and_nobody_else():
    usual = identity.usual_audiences(ClientKind.PARTNER)
    allowed = {s for s in identity.SERVICES if identity.may_call(a_client(audiences=usual), s)}
    assert allowed == {"intake"}


def test_a_service_that_does_not_exist_is_no_audience_for_anybody():
    assert not identity.may_call(a_client(audiences=frozenset({"treasury"})), "treasury")


def test_a_secret_is_recognised_by_its_salted_hash_only():
    kept = identity.hash_secret("a secret of sixteen", salt=b"salt")
    assert "secret" not in kept
    assert identity.is_secret("a secret of sixteen", kept)
    assert not identity.is_secret("another of sixteen", kept)
    assert not identity.is_secret("a secret of sixteen", None)


def a_key(status, retired_at=None):
    return SigningKey(id="k", status=status, public_jwk={}, private_jwk={}, retired_at=retired_at)


@pytest.mark.parametrize(
    ("key", "published"),
    [
        (a_key(KeyStatus.NEXT), True),
        (a_key(KeyStatus.CURRENT), True),
        (a_key(KeyStatus.RETIRED, NOW - timedelta(minutes=10)), True),
        (a_key(KeyStatus.RETIRED, NOW - timedelta(minutes=20)), False),
    ],
)
def test_a_key_is_published_until_its_last_token_is_over(key, published):
    assert identity.is_published(key, now=NOW) is published


def test_an_officer_signs_in_every_day_and_a_citizen_every_month():
    assert identity.session_life(PersonKind.OFFICER) < timedelta(days=1)
    assert identity.session_life(PersonKind.CITIZEN) == timedelta(days=30)


def an_assertion(**changes):
    return {"iss": "police", "sub": "police", "aud": "one-window", "jti": "j" * 16, **changes}


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "other"},
        {"sub": None, "iss": None},
        {"aud": "another-server"},
        {"aud": [["one-window"]]},
        {"jti": None},
        {"jti": "short"},
        {"jti": "nul\x00nul\x00nul"},
        {"sub": "nul\x00", "iss": "nul\x00"},
        {"jti": 12345678},
    ],
)
def test_an_assertion_names_its_client_its_server_and_itself(changed):
    ours = frozenset({"one-window"})
    assert identity.assertion_subject(an_assertion(), audiences=ours) == "police"
    assert identity.assertion_subject(an_assertion(**changed), audiences=ours) is None


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(-1, False), (0, False), (60, True), (300, True), (301, False)]
)
def test_an_assertion_ends_soon_and_not_yet(seconds, accepted):
    claims = {"exp": int(NOW.timestamp()) + seconds}
    assert (identity.assertion_end(claims, now=NOW) is not None) is accepted


@pytest.mark.parametrize("end", [None, "1900000000", 1.5, True, -5, 10**30])
def test_an_end_that_is_no_number_of_seconds_is_none(end):
    assert identity.assertion_end({"exp": end}, now=NOW) is None


def an_item(**changes):
    return {
        "code": "JZ201",
        "applicant": {"id_no": "applicant.id_no"},
        "division": "place",
        "form": {
            "type": "object",
            "properties": {"applicant": {"$ref": "#/$defs/party"}, "place": {"type": "string"}},
            "$defs": {"party": {"type": "object", "properties": {"id_no": {"type": "string"}}}},
        },
        "matters": [
            {
                "key": "relief",
                "tasks": [
                    {"key": "visit", "discloses": ["applicant.id_no"]},
                    {"key": "decision", "needs": ["visit:approved"]},
                ],
            }
        ],
        **changes,
    }


def tasks(*given):
    return {"matters": [{"key": "relief", "tasks": list(given)}]}


def test_an_item_that_fits_itself_has_no_fault():
    assert list(item_faults(an_item(), schema={})) == []


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        (tasks({"key": "a", "needs": ["b"]}), "which does not exist"),
        (tasks({"key": "a", "needs": ["b"]}, {"key": "b", "needs": ["a"]}), "in a circle"),
        (tasks({"key": "a", "discloses": ["applicant.income"]}), "no field applicant.income"),
        ({"division": "nowhere"}, "no field nowhere"),
        ({"form": {"type": "objekt"}}, "form/type"),
    ],
)
def test_an_item_that_contradicts_itself_says_where(changed, part):
    assert any(part in fault for fault in item_faults(an_item(**changed), schema={}))


def test_the_schema_is_asked_first():
    faults = list(item_faults({"code": "X"}, schema={"required": ["title"]}))
    assert len(faults) == 1
    assert "title" in faults[0]


def test_two_files_with_one_code_publish_nothing():
    with pytest.raises(CatalogueInvalid) as refused:
        drafts_of(Catalogue(items=[an_item(), an_item()]))
    assert refused.value.facts["faults"] == ["item JZ201: stands in the catalogue twice"]


def test_the_order_of_names_does_not_change_the_canonical_text():
    assert canonical({"a": 1, "b": date(2026, 1, 1)}) == canonical({"b": "2026-01-01", "a": 1})


def test_a_form_keeps_the_order_in_which_it_was_written():
    form = {"type": "object", "properties": {"z": {}, "a": {}, "applicant": {}, "place": {}}}
    item = an_item(form=form, applicant={}, division="place", **tasks({"key": "t"}))
    (draft,) = drafts_of(Catalogue(items=[item]))
    assert list(draft.content["form"]["properties"]) == ["z", "a", "applicant", "place"]
