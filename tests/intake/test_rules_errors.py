"""Can every refusal of intake be told to people, in both languages?"""

import importlib
import inspect
import pkgutil

import pytest

from services.intake import errors
from shared.errors import CivilError

MODULES = [
    errors,
    *(
        importlib.import_module(f"{errors.__name__}.{found.name}")
        for found in pkgutil.iter_modules(errors.__path__)
    ),
]
REFUSALS = [
    refusal
    for module in MODULES
    for _, refusal in inspect.getmembers(module, inspect.isclass)
    if issubclass(refusal, CivilError) and refusal.__module__ == module.__name__
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_its_own_title_in_both_languages_and_a_public_text(refusal):
    assert {"title", "title_en"} <= set(vars(refusal))
    assert refusal.__doc__


def test_no_two_refusals_share_a_title_or_a_code():
    for told in ("title", "title_en", "__name__"):
        named = [getattr(refusal, told) for refusal in REFUSALS]
        assert [each for each in named if named.count(each) > 1] == []


def test_every_room_of_errors_is_looked_at():
    assert len(MODULES) > 5
    assert {refusal.__module__ for refusal in REFUSALS} == {each.__name__ for each in MODULES}
