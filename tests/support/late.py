"""An item in which one check alone can decide a matter while the case goes on."""

from collections.abc import Mapping
from typing import Any

from tests.support.corrections import submit_relief
from tests.support.forms import item_definition
from tests.support.window import Window, publish_item


def two_matters(rule: str = "any") -> Mapping[str, Any]:
    """Relief cut in two: checks that decide a matter of their own, and the decision beside it."""
    definition = dict(item_definition("JZ201"))
    [relief] = definition["matters"]
    tasks = {task["key"]: task for task in relief["tasks"]}
    decision = {key: value for key, value in tasks["township_decision"].items() if key != "needs"}
    words = {"zh": "核查", "en": "Checks"}
    checks = [tasks["fact_check"], tasks["duplicate_relief_check"], tasks["home_visit"]]
    return {
        **definition,
        "matters": [
            {"key": "checks", "title": words, "join": {"rule": rule}, "tasks": checks},
            {**relief, "join": {"rule": "all"}, "tasks": [decision]},
        ],
    }


async def submit_two_matters(window: Window, *, rule: str = "any") -> Mapping[str, Any]:
    """Chen asks for relief under the item that is cut in two."""
    await publish_item(window.transaction, two_matters(rule), version=2)
    return await submit_relief(window)
