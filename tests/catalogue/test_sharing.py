"""Does the sharing catalogue ask only for what an item of ours needs?"""

from pathlib import Path

import pytest
import yaml

from deploy.simulated.shared_data import HELD

CATALOGUE = Path(__file__).parents[2] / "catalogue"
FACTS = yaml.safe_load((CATALOGUE / "sharing" / "facts.yaml").read_text(encoding="utf-8"))[
    "shared_facts"
]
ITEMS = {path.stem for path in (CATALOGUE / "items").glob("*.yaml")}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["code"])
def test_a_fact_is_for_items_that_exist_and_tells_only_what_is_named(fact: dict) -> None:
    assert set(fact["items"]) <= ITEMS
    assert fact["answer"]["additionalProperties"] is False
    assert 0 < fact["valid_days"] <= 365


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["code"])
def test_every_supplier_is_simulated_for_development(fact: dict) -> None:
    assert all(fact["code"] in HELD[supplier] for supplier in fact["suppliers"])


def test_what_banks_tell_needs_consent() -> None:
    assert all(fact["consent"] for fact in FACTS if "banks" in fact["suppliers"])
