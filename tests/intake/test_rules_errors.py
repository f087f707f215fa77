"""Can every refusal of intake be told to people, in both languages?"""

import inspect

import pytest

from services.intake import errors
from shared.errors import CivilError

REFUSALS = [
    refusal
    for _, refusal in inspect.getmembers(errors, inspect.isclass)
    if issubclass(refusal, CivilError) and refusal.__module__ == errors.__name__
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_its_own_title_in_both_languages_and_a_public_text(refusal):
    assert {"title", "title_en"} <= set(vars(refusal))
    assert refusal.__doc__


def test_no_two_refusals_share_a_title():
    assert len({refusal.title for refusal in REFUSALS}) == len(REFUSALS)
    assert len({refusal.title_en for refusal in REFUSALS}) == len(REFUSALS)
