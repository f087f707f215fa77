"""Asking again for anything that has a global id."""

import strawberry

from services.gateway.errors import BadUserInput
from services.gateway.schema.catalogue import show_item
from services.gateway.schema.certificates import certificate_of
from services.gateway.schema.citizens import show_application
from services.gateway.schema.context import Info
from services.gateway.schema.ids import Node, read_global_id, uuid_of
from services.gateway.schema.officers import show_task


@strawberry.type
class NodeQuery:
    """What can be asked of anything."""

    @strawberry.field
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """The thing with this global id, if the caller may see it."""
        type_name, local_id = read_global_id(id)
        match type_name:
            case "Application":
                return await show_application(info.context, uuid_of(local_id))
            case "Task":
                return await show_task(info.context, uuid_of(local_id))
            case "ServiceItem":
                return await show_item(info.context, local_id)
            case "Certificate":
                return certificate_of(
                    await info.context.registry.get_certificate(uuid_of(local_id))
                )
            case _:
                raise BadUserInput("not an id of this interface")
