"""What cannot be done with versions of a service item."""

from services.intake.model.move import Obstacle
from shared.errors import Conflict, NotFound


class VersionNotFound(NotFound):
    """No such version of the service item has been published."""

    title = "没有这个版本的事项"
    title_en = "There is no such version of the item"


class VersionWithdrawn(Conflict):
    """This version of the service item has been withdrawn."""

    title = "该版本事项已经撤回"
    title_en = "This version of the item has been withdrawn"


class CaseNotMovable(Conflict):
    """The case cannot go on under the other version; it goes on under the one it has.

    `reason` says why: `case-over`, `correction-open`, `form-needs-correction`,
    `material-missing`, `office-missing` or `condition-unusable`; `places` lists pointers of
    the form or keys of materials.
    """

    title = "该办件不能转到另一版本"
    title_en = "The case cannot be moved to the other version"

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(reason=obstacle.code, places=list(obstacle.places))
