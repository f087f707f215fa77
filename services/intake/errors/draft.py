"""What cannot be done with a draft."""

from shared.errors import NotFound


class DraftNotFound(NotFound):
    """The caller has no draft for this item: none was saved, or it was handed in or has expired."""

    title = "没有该事项的草稿"
    title_en = "There is no draft for this item"
