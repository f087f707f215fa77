"""What must be there before a cremation, and how long may a body be kept?"""

from datetime import date

import pytest

from services.funeral.errors import CremationBarred, ExtensionTooShort
from services.funeral.model import CremationBar, Extension, HoldReason
from services.funeral.rules.cremation import cremation_bars, ensure_may_cremate
from services.funeral.rules.storage import extend, is_overdue, storage_due
from tests.support.calendars import beijing
from tests.support.funeral import papers, storage

REGULATION = "殡葬管理条例"


@pytest.mark.law(REGULATION, 28)
def test_with_certificate_confirmation_and_no_hold_the_gate_is_open():
    ensure_may_cremate(papers())


@pytest.mark.law(REGULATION, 28)
def test_without_a_signed_confirmation_nobody_is_cremated():
    with pytest.raises(CremationBarred) as refusal:
        ensure_may_cremate(papers(is_confirmation_signed=False))
    assert refusal.value.facts["bars"] == ["NO_CONFIRMATION"]


@pytest.mark.parametrize("reason", list(HoldReason))
def test_any_hold_bars_the_cremation_and_is_named(reason):
    with pytest.raises(CremationBarred) as refusal:
        ensure_may_cremate(papers(holds=frozenset({reason})))
    assert refusal.value.facts["holds"] == [reason.value]


def test_every_bar_is_told_at_once():
    nothing = papers(
        has_death_certificate=False,
        is_confirmation_signed=False,
        holds=frozenset({HoldReason.POLICE}),
    )
    assert set(cremation_bars(nothing)) == set(CremationBar)


@pytest.mark.law(REGULATION, 27)
def test_storage_ends_three_days_after_the_body_came_and_does_not_move_for_qingming():
    due = storage_due(storage("2026-04-03 20:00"))

    assert due.due_on == date(2026, 4, 6)
    assert due.ends_at == beijing("2026-04-07 00:00")
    assert due.alert_at == beijing("2026-04-06 00:00")


@pytest.mark.law(REGULATION, 27)
def test_an_extension_on_record_keeps_a_storage_from_being_overdue():
    kept = storage("2026-04-03 20:00")
    extended = extend(
        kept, Extension(until=date(2026, 4, 9), reason="relatives abroad", applicant="family")
    )

    assert is_overdue(kept, at=beijing("2026-04-08 09:00"))
    assert not is_overdue(extended, at=beijing("2026-04-08 09:00"))
    assert is_overdue(extended, at=beijing("2026-04-10 00:00"))


def test_an_extension_reaches_beyond_the_present_end():
    with pytest.raises(ExtensionTooShort):
        extend(
            storage("2026-04-03 20:00"),
            Extension(until=date(2026, 4, 6), reason="none", applicant="family"),
        )


def test_a_body_that_came_at_night_is_counted_from_its_day_in_shanghai():
    assert storage_due(storage("2026-04-03 00:10")).due_on == date(2026, 4, 6)
