"""Read what one version of an item changes against another, as a notice."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.actions.catalogue_files import CatalogueFiles
from services.intake.actions.desk import Desk
from services.intake.errors import ItemMalformed, ItemNotFound
from services.intake.errors.version import VersionNotFound
from services.intake.model.notice import ItemChange
from services.intake.rules.item import parse_item
from services.intake.rules.notice import changes_between
from services.intake.store import Store
from shared.database import Transactions

_HEADINGS = {
    "title": "名称",
    "basis": "依据",
    "limits": "办理时限",
    "acceptance": "受理方式",
    "materials": "申请材料",
    "form": "申请表",
    "matters": "办理内容",
    "departments": "办理部门",
    "conditions": "适用条件",
    "parameters": "地方标准",
}


async def read_notice(
    code: str, before: int, after: int, *, transaction: Transactions[Store], desk: Desk
) -> Sequence[ItemChange]:
    """The notice between two published versions.

    Raises:
        VersionNotFound: One of them has not been published.
    """
    async with transaction() as store:
        try:
            first, second = [
                await desk.catalogue.item(store, code, version) for version in (before, after)
            ]
        except ItemNotFound:
            raise VersionNotFound from None
    return changes_between(first, second)


def notice_of_files(before: str, after: str) -> Sequence[ItemChange]:
    """The notice between two item files.

    Args:
        before: Text of the file of the earlier version.
        after: Text of the file of the later one.

    Raises:
        ItemMalformed: One of them is not YAML, or not an item.
    """
    return changes_between(
        parse_item(_definition("before", before)), parse_item(_definition("after", after))
    )


def notice_as_text(changes: Sequence[ItemChange]) -> str:
    """The notice as people read it: Chinese, and English below each line."""
    if not changes:
        return "两个版本对申请人和办理部门没有区别\nNothing changes for anybody"
    lines = []
    for about, heading in _HEADINGS.items():
        found = [each for each in changes if each.about == about]
        if found:
            lines.append(f"【{heading}】")
            for each in found:
                lines += [f"  {each.words.zh}", f"    {each.words.en}"]
    return "\n".join(lines)


def _definition(name: str, text: str) -> Mapping[str, Any]:
    files = CatalogueFiles.of({f"items/{name}.yaml": text})
    if files.faults:
        fault = files.faults[0]
        raise ItemMalformed(f"{fault.file}:{fault.line}", fault.message)
    definition: Mapping[str, Any] = files.items[0].value
    return definition
