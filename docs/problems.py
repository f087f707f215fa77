"""Writes `problems.md`: everything that can be refused, at whichever door."""

import importlib
from collections.abc import Iterator

from docs.sources import SERVICES, first_sentence, modules_of, page, table
from shared.errors import CivilError

INTRODUCTION = """\
One vocabulary, three doors. Over HTTP a refusal is an RFC 9457 problem whose `type` is
`/problems/<owner>/<slug>`, with the `code` below and the facts as further members. In GraphQL the
same problem stands under `extensions.problem`, or its code in a member of the result's union.
Over Kafka an `UNAVAILABLE` is tried again; every other refusal sends the message to the service's
dead letters with its code. Codes are stable, titles are for people. What nobody foresaw is
`UNEXPECTED` (500) with a trace id and nothing else."""


def problems_page() -> str:
    """The page as it should stand in the file."""
    owners = ("shared", *SERVICES)
    kinds = sorted(civil_errors(), key=lambda kind: (kind.status, code_of(kind)))
    parts = []
    for owner in owners:
        own = [kind for kind in kinds if blank(kind).owner == owner]
        heading = "Shared by all services" if owner == "shared" else owner.capitalize()
        heads = ["Status", "Code", "中文", "English", "When"]
        parts.append([f"## {heading}", "", *table(heads, map(_row, own))])
    return page("Problems", INTRODUCTION, *parts)


def civil_errors() -> list[type[CivilError]]:
    """Every kind of refusal that any module defines, the root of the tree left out."""
    for module in modules_of("shared", "services"):
        if module.path.name != "__main__.py":
            importlib.import_module(module.dotted)
    return list(dict.fromkeys(_below(CivilError)))


def code_of(kind: type[CivilError]) -> str:
    """The code of a kind; empty for one that passes another service's code on."""
    return blank(kind).code if kind.code is CivilError.code else ""


def blank(kind: type[CivilError]) -> CivilError:
    """An error of a kind, without detail: enough to ask its code and its owner."""
    return kind.__new__(kind)


def _below(kind: type[CivilError]) -> Iterator[type[CivilError]]:
    for child in kind.__subclasses__():
        if child.__module__.split(".")[0] in ("shared", "services"):
            yield child
            yield from _below(child)


def _row(kind: type[CivilError]) -> list[str]:
    when = first_sentence(kind.__doc__ or "")
    code = code_of(kind)
    told = f"`{code}`" if code else "as told there"
    return [str(kind.status), told, kind.title, kind.title_en, when]
