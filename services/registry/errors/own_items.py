"""What cannot be done with adoptions, organisations and place names, and why."""

from shared.errors import NotFound, Unavailable


class RegistrationStillToCome(Unavailable):
    """What the same case grants first has not been made real yet; this one is tried again."""

    title = "前置登记尚未完成，请稍后"
    title_en = "What must be registered first is still to come"


class AdoptionNotFound(NotFound):
    """There is no such adoption, or it was registered where the caller's offices have no say."""

    title = "没有该收养登记"
    title_en = "No such adoption"


class OrganisationNotFound(NotFound):
    """There is no such organisation, or it is where the caller's offices have no say."""

    title = "没有该社会组织"
    title_en = "No such social organisation"
