"""What is told of the officers of an office."""

from shared.schemas import View


class ColleagueView(View):
    """An officer by id, with the roles they have."""

    id: str
    roles: list[str]


class ColleagueList(View):
    """The active officers of an office."""

    items: list[ColleagueView]
