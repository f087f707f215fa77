"""Does masking show the listed positions and nothing else?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.masking import mask_account, mask_id_number, mask_name, mask_phone

# Letters that survive `strip` and are not the star itself.
TEXT = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_name, "张伟", "张*"),
        (mask_name, "张小明", "张**"),
        (mask_name, "欧阳娜娜", "欧***"),
        (mask_name, "买买提·艾力", "买*****"),
        (mask_name, "张", "*"),
        (mask_name, "  ", ""),
        (mask_id_number, "11010519491231002X", "110***********002X"),
        (mask_id_number, "110105491231002", "110********1002"),
        (mask_id_number, "E12345678", "*********"),
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "0571-88881234", "057******1234"),
        (mask_phone, "88881234", "********"),
        (mask_account, "6222021234567890", "************7890"),
        (mask_account, "12345678", "********"),
    ],
)
def test_values_are_shown_as_the_house_rule_says(mask, value, shown):
    assert mask(value) == shown


@pytest.mark.parametrize(
    ("mask", "first", "last", "shortest"),
    [
        (mask_name, 1, 0, 2),
        (mask_id_number, 3, 4, 15),
        (mask_phone, 3, 4, 11),
        (mask_account, 0, 4, 12),
    ],
)
@given(value=TEXT)
def test_only_the_listed_positions_are_revealed(mask, first, last, shortest, value):
    masked = mask(value)
    assert len(masked) == len(value)
    shown = {place for place, character in enumerate(masked) if character != "*"}
    allowed = {*range(first), *range(len(value) - last, len(value))}
    assert shown == (allowed if len(value) >= shortest else set())
    assert all(masked[place] == value[place] for place in shown)


@pytest.mark.parametrize("mask", [mask_name, mask_id_number, mask_phone, mask_account])
@given(value=st.text(max_size=30))
def test_most_of_any_text_stays_hidden(mask, value):
    assert mask(value).count("*") >= len(value.strip()) - 7
