"""The published catalogue: what can be applied for, with which papers, and how long it takes."""

from collections.abc import Mapping

import strawberry
from strawberry.scalars import JSON

from services.gateway.schema.context import Context, Info
from services.gateway.schema.ids import SERVICE_ITEM, Node, item_code_of, to_global_id
from services.gateway.schema.values import (
    Json,
    LocalText,
    flag,
    json_object,
    local_text,
    member,
    number,
    optional_text,
    rows,
    text,
    texts,
)


@strawberry.type
class TimeLimit:
    """A length of time an answer may take."""

    length: int
    unit: str = strawberry.field(
        description="`working_day`, `civil_day`, `calendar_day`, `hour` or `month`."
    )
    source: str | None = strawberry.field(description="The rule that says so.")


@strawberry.type
class ItemLimits:
    """How long an application may take by statute, and how long is promised."""

    statutory: TimeLimit | None
    promised: TimeLimit | None


@strawberry.type
class MaterialRequirement:
    """A paper the item asks for."""

    key: str
    title: LocalText
    requirement: str = strawberry.field(
        description="`key`, `deferrable`, `shared` (nobody may demand it) or `commitment`."
    )
    condition: str | None = strawberry.field(description="CEL over the form; none: always.")


@strawberry.type
class GuideStep:
    """One office, partner or service that will be asked."""

    key: str
    title: LocalText
    handler: str
    limit: TimeLimit | None


@strawberry.type
class GuideMatter:
    """A part of the item that is decided on its own."""

    key: str
    title: LocalText
    condition: str | None
    steps: list[GuideStep]


@strawberry.type
class ServiceGuide:
    """What applying means (办事指南): the law, who decides, who is asked."""

    kind: str
    legal_basis: list[str]
    acceptance: str = strawberry.field(description="`automatic` or `officer`.")
    matters: list[GuideMatter]


@strawberry.type
class ServiceItem(Node):
    """What a citizen can apply for (事项), as published."""

    code: str
    version: int
    title: LocalText
    category: int
    owner: str
    agent_allowed: bool = strawberry.field(
        description="Whether somebody else may apply for the person (代办)."
    )
    guide: ServiceGuide
    materials: list[MaterialRequirement]
    limits: ItemLimits
    form: JSON = strawberry.field(description="JSON Schema 2020-12, with labels and messages.")


@strawberry.type
class CatalogueQuery:
    """What anybody can look up."""

    @strawberry.field
    async def service_items(self, info: Info, category: int | None = None) -> list[ServiceItem]:
        """The published service items, by code; of one category if one is named."""
        items = [service_item_of(row) for row in await info.context.registry.list_items()]
        wanted = [item for item in items if category is None or item.category == category]
        return sorted(wanted, key=lambda item: item.code)

    @strawberry.field
    async def service_item(self, info: Info, code: str) -> ServiceItem | None:
        """One published service item."""
        return await show_item(info.context, code)


async def show_item(context: Context, code: str) -> ServiceItem:
    """One published service item, in one call to the registry."""
    return service_item_of(await context.loaders.items.load(item_code_of(code)))


def service_item_of(body: Json) -> ServiceItem:
    """Read a published item: its definition, and around it which version that is."""
    definition = member(body, "definition") or body
    limits = member(definition, "limits")
    return ServiceItem(
        id=to_global_id(SERVICE_ITEM, text(definition, "code")),
        code=text(definition, "code"),
        version=number(body, "version"),
        title=local_text(definition.get("title")),
        category=number(definition, "category"),
        owner=text(definition, "owner"),
        agent_allowed=flag(body, "agentAllowed"),
        guide=_guide_of(definition),
        materials=[_material_of(row) for row in rows(definition, "materials")],
        limits=ItemLimits(
            statutory=_limit_of(limits.get("statutory")), promised=_limit_of(limits.get("promised"))
        ),
        form=json_object(definition, "form"),
    )


def _guide_of(definition: Json) -> ServiceGuide:
    return ServiceGuide(
        kind=text(definition, "kind"),
        legal_basis=texts(definition, "legal_basis") or texts(definition, "legalBasis"),
        acceptance=text(definition, "acceptance"),
        matters=[_matter_of(row) for row in rows(definition, "matters")],
    )


def _matter_of(body: Json) -> GuideMatter:
    return GuideMatter(
        key=text(body, "key"),
        title=local_text(body.get("title")),
        condition=optional_text(body, "when"),
        steps=[
            GuideStep(
                key=text(step, "key"),
                title=local_text(step.get("title")),
                handler=text(step, "handler"),
                limit=_limit_of(step.get("limit")),
            )
            for step in rows(body, "tasks")
        ],
    )


def _material_of(body: Json) -> MaterialRequirement:
    return MaterialRequirement(
        key=text(body, "key"),
        title=local_text(body.get("title")),
        requirement=text(body, "required"),
        condition=optional_text(body, "when"),
    )


def _limit_of(body: object) -> TimeLimit | None:
    if not isinstance(body, Mapping):
        return None
    return TimeLimit(
        length=number(body, "length"), unit=text(body, "unit"), source=optional_text(body, "source")
    )
