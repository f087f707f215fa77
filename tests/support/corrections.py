"""Items that officers accept, and what is said at the window about corrections."""

from collections.abc import Mapping
from typing import Any

from tests.support.forms import item_definition, jz201_form
from tests.support.window import Caller, Window, publish_item

TOWNSHIP, VILLAGE = "sandun-civil-affairs", "sandun-example-village"


async def with_acceptance(window: Window, *, version: int = 2, **changes: Any) -> None:
    """Publish relief anew: from now on an officer of the township accepts it."""
    definition = {**item_definition("JZ201"), "acceptance": "officer", **changes}
    await publish_item(window.transaction, definition, version=version)


async def submit_relief(window: Window, **changes: Any) -> Mapping[str, Any]:
    """Chen asks for relief."""
    body = {"itemCode": "JZ201", "form": jz201_form(**changes), "materials": []}
    answer = await window.citizen("chen").post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


def mark(place: str, message: str = "与所附证明不一致") -> dict[str, str]:
    """A mark on a field (a pointer) or on a material (its key)."""
    name = "pointer" if place.startswith("/") else "material"
    return {name: place, "message": message}


async def ask_correction(caller: Caller, task: Mapping[str, Any], *places: str) -> tuple[int, str]:
    """Ask for a correction of some places; status and problem code come back."""
    answer = await caller.post(
        f"/v1/tasks/{task['id']}:verdict",
        {
            "verdict": "needs-correction",
            "opinion": "请一次补正",
            "marks": [mark(place) for place in places],
        },
    )
    return answer.status_code, answer.json().get("code", "")


async def correct(
    caller: Caller, application: Mapping[str, Any], *, key: str | None = None, **body: Any
) -> tuple[int, Mapping[str, Any]]:
    """Answer the notice."""
    answer = await caller.post(f"/v1/applications/{application['id']}:correct", body, key=key)
    return answer.status_code, answer.json()


async def read(caller: Caller, application: Mapping[str, Any]) -> Mapping[str, Any]:
    """The application as its applicant sees it now."""
    answer = await caller.get(f"/v1/applications/{application['id']}")
    assert answer.status_code == 200, answer.text
    found: Mapping[str, Any] = answer.json()
    return found
