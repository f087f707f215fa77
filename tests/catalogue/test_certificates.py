"""Do the types of certificates fit the items and the documents they are issued from?"""

import pytest

from services.registry.clients.catalogue import read_catalogue
from services.registry.rules.publication import catalogue_faults
from shared.identifiers import parse_uscc
from tests.support.registry import CATALOGUE

READ = read_catalogue(CATALOGUE)
TYPES = {each["code"]: each for each in READ.certificate_types}


def test_the_catalogue_publishes_its_types():
    assert TYPES.keys() >= {"marriage-certificate", "temporary-relief-decision"}
    assert list(catalogue_faults(READ)) == []


@pytest.mark.parametrize("code", TYPES)
def test_a_type_names_items_that_exist_and_an_office_that_could_issue_it(code):
    kind = TYPES[code]
    assert set(kind["items"]) <= {item["code"] for item in READ.items}
    issuers = [
        office
        for office in READ.offices
        if kind["issuer"]["function"] in office["functions"]
        and office["level"] == kind["issuer"]["level"]
    ]
    assert issuers


@pytest.mark.parametrize("code", TYPES)
def test_a_type_code_begins_with_a_social_credit_code_and_says_that_it_is_an_example(code):
    assert parse_uscc(TYPES[code]["type_code"][:18])
    assert TYPES[code]["illustrative"] is True


def test_no_two_types_share_a_code():
    codes = [kind["type_code"] for kind in TYPES.values()]
    assert len(set(codes)) == len(codes)
