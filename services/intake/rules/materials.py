"""Which materials an application still lacks, and what that means."""

from collections.abc import Iterable

from services.intake.errors import MaterialMissing, MaterialUnknown
from services.intake.model import DeferredMaterial, MaterialCheck, MaterialRule, ServiceItem
from services.intake.rules.expressions import Expressions, Scope, holds


def check_materials(
    item: ServiceItem, *, provided: Iterable[str], scope: Scope, expressions: Expressions
) -> MaterialCheck:
    """What the materials handed in lack: all of it at once.

    Args:
        item: The item the application is for.
        provided: Keys handed in, as a file or as a signed commitment.
        scope: The form and the local numbers of the case.
        expressions: The caller's compiled conditions.

    Raises:
        ExpressionUnusable: A condition of a material has no answer for this form.

    Source:
        行政许可法 art. 32(4) (told once, everything); 国务院令716号 art. 7 (what departments
        can share is not demanded); 国办发〔2020〕42号 (commitment instead of proof).
    """
    given = set(provided)
    lacking = [
        material
        for material in item.materials
        if material.rule is not MaterialRule.SHARED
        and material.key not in given
        and (material.when is None or holds(material.when, scope, expressions=expressions).value)
    ]
    deferrable = [each for each in lacking if each.rule is MaterialRule.DEFERRABLE]
    return MaterialCheck(
        missing=tuple(each.key for each in lacking if each.rule is not MaterialRule.DEFERRABLE),
        deferred=tuple(DeferredMaterial(key=each.key, limit=each.limit) for each in deferrable),
        unknown=tuple(sorted(given - {material.key for material in item.materials})),
    )


def require_materials(check: MaterialCheck) -> None:
    """Refuse an application that lacks a key material, or brings an unknown one.

    Raises:
        MaterialUnknown: A key the item does not name was handed in.
        MaterialMissing: With every missing key.

    Source:
        行政许可法 art. 32(4) (told once, everything).
    """
    if check.unknown:
        raise MaterialUnknown(check.unknown)
    if check.missing:
        raise MaterialMissing(check.missing)
