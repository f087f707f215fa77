"""Which URL does what at the counter: entering for a citizen, and many tasks at once."""

from fastapi import APIRouter

from services.intake.actions.enter_application import EnterApplication, enter_application
from services.intake.actions.hand_in import HandedIn
from services.intake.actions.submit_application import SubmitApplication
from services.intake.actions.work_in_bulk import WorkInBulk
from services.intake.actions.work_in_bulk import work_in_bulk as work_on_many
from services.intake.api.wiring import AtCounter, OnlyOfficer, application_of
from services.intake.model import Channel, OfficeId, TaskId
from services.intake.schemas import ApplicationView
from services.intake.schemas.bulk import BulkBody, BulkResultView, BulkView, EnterBody
from shared.web import CurrentRequestKey

router = APIRouter()


@router.post("/applications:enter", status_code=201, tags=["officers"])
async def enter(
    body: EnterBody, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> ApplicationView:
    """Enter an application for a citizen who is present and whose identity was checked."""
    submission = SubmitApplication(
        actor=actor,
        item_code=body.item_code,
        form=body.form,
        materials=[HandedIn(key=each.key, file_id=each.file_id) for each in body.materials],
        channel=Channel.WINDOW,
        on_behalf_of=None,
        request=key,
    )
    command = EnterApplication(
        submission=submission,
        office_id=OfficeId(body.office_id),
        identity_check=body.identity_check,
    )
    taken = await enter_application(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    return await application_of(actor, taken, counter)


@router.post("/tasks:bulk", tags=["tasks"])
async def work_in_bulk(
    body: BulkBody, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> BulkView:
    """Claim, release, hand over or answer up to fifty tasks: each for itself, or all or none."""
    command = WorkInBulk(
        actor=actor,
        task_ids=[TaskId(each) for each in body.task_ids],
        act=body.wanted(),
        mode=body.mode,
        request=key,
    )
    results = await work_on_many(
        command,
        transaction=counter.transaction,
        desk=counter.desk,
        colleagues=counter.colleagues,
    )
    return BulkView(results=[BulkResultView.model_validate(each) for each in _named(results)])


def _named(results: object) -> list[dict[str, object]]:
    found = results if isinstance(results, list) else []
    return [
        {"task_id": each["taskId"], "status": each["status"], "problem": each["problem"]}
        for each in found
    ]
