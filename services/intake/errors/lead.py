"""What only the office that leads a case may do."""

from shared.errors import Forbidden


class LeadOfficeOnly(Forbidden):
    """Only the office that leads the case may do this."""

    title = "只有牵头机关可以办理"
    title_en = "Only the lead office may do this"
