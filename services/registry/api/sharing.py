"""Doors of data sharing: services ask other departments, operators see how those answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.registry.actions import ask_departments as asking
from services.registry.actions.ask_departments import AskDepartments, ask_departments
from services.registry.api.wiring import Wired
from services.registry.model.sharing import EnquiryId, Subject
from services.registry.schemas.sharing import (
    EnquiryList,
    EnquiryRequest,
    EnquiryView,
    SharedFactList,
    SharedFactView,
    SupplierHealthList,
    SupplierHealthView,
)
from shared.auth import Actor, ActorKind
from shared.web import CurrentRequestKey, only, open_to_all

Service = Annotated[Actor, Depends(only(ActorKind.SERVICE))]
Operator = Annotated[Actor, Depends(only(ActorKind.OPERATOR))]


def routes() -> APIRouter:
    """The sharing catalogue, enquiries, suppliers."""
    router = APIRouter(tags=["sharing"])
    public = [Depends(open_to_all())]
    router.add_api_route("/v1/shared-facts", list_facts, methods=["GET"], dependencies=public)
    router.add_api_route("/v1/enquiries", ask, methods=["POST"], status_code=202)
    router.add_api_route("/v1/enquiries", list_own, name="list_enquiries", methods=["GET"])
    router.add_api_route("/v1/enquiries/{enquiry_id}", show, name="get_enquiry", methods=["GET"])
    router.add_api_route("/v1/suppliers", list_suppliers, methods=["GET"])
    return router


async def list_facts(wired: Wired) -> SharedFactList:
    """What may be asked of which department, for what, on which basis."""
    found = await asking.list_shared_facts(transaction=wired.transaction)
    return SharedFactList(items=[SharedFactView.of(each) for each in found])


async def ask(
    body: EnquiryRequest, service: Service, key: CurrentRequestKey, wired: Wired
) -> EnquiryList:
    """Ask for facts about a person; all departments concerned are asked at once.

    What they say is fetched when `civil.registry.enquiry-answered.v1` tells that it is there.
    """
    found = await ask_departments(
        AskDepartments(
            actor=service,
            request=key,
            application_id=body.application_id,
            item=body.item_code,
            purpose=body.purpose,
            facts=body.facts,
            subject=Subject(name=body.subject.name, id_number=body.subject.id_no),
            consent=body.consent,
        ),
        transaction=wired.transaction,
        clock=wired.clock,
        index=wired.index,
    )
    return EnquiryList(items=[EnquiryView.of(each) for each in found])


async def list_own(
    service: Service,
    wired: Wired,
    application_id: Annotated[UUID, Query(alias="applicationId")],
) -> EnquiryList:
    """Everything the caller asked in one case."""
    found = await asking.list_enquiries(service, application_id, transaction=wired.transaction)
    return EnquiryList(items=[EnquiryView.of(each) for each in found])


async def show(enquiry_id: UUID, service: Service, wired: Wired) -> EnquiryView:
    """One enquiry of the caller, with what was answered so far."""
    found = await asking.read_enquiry(service, EnquiryId(enquiry_id), transaction=wired.transaction)
    return EnquiryView.of(found)


async def list_suppliers(_operator: Operator, wired: Wired) -> SupplierHealthList:
    """Which departments answer, which do not, and since when."""
    found = await asking.list_supplier_health(transaction=wired.transaction, clock=wired.clock)
    return SupplierHealthList(items=[SupplierHealthView.of(each) for each in found])
