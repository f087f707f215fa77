"""What may be charged: the published list, packages, signed quotes, exemptions.

Not here: who is entitled to an exemption; that follows from relief and local rules.
"""

from collections.abc import Iterable
from dataclasses import replace

from services.funeral.errors import (
    ExemptionAlreadyGranted,
    NotOnThePriceList,
    NotSigned,
    PackageDearerThanItsItems,
    PriceOutOfRange,
)
from services.funeral.model import Bill, Line, PriceList, Quote
from shared.money import Money


def ensure_listed(line: Line, *, price_list: PriceList) -> None:
    """Let a line pass only if its service and its price are published.

    Raises:
        NotOnThePriceList: The service is not on the list in force; signing does not cure that.
        PriceOutOfRange: The price is not the set one, or outside the reference range.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), arts. 42, 43 (posted prices),
        50 (nothing outside the list); 发改价格〔2026〕108号.
    """
    item = price_list.items.get(line.code)
    if item is None or line.quantity < 1:
        raise NotOnThePriceList(code=line.code)
    if not item.lowest <= line.unit_price <= item.highest:
        raise PriceOutOfRange(code=line.code)


def quote(
    lines: Iterable[Line], *, price_list: PriceList, package_price: Money | None = None
) -> Quote:
    """Offer services at published prices, one by one or as a package.

    Raises:
        NotOnThePriceList: A service is not on the list.
        PriceOutOfRange: A price is not as published.
        PackageDearerThanItsItems: The package costs more than its items.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), arts. 42, 43, 50.
    """
    offered = tuple(lines)
    for line in offered:
        ensure_listed(line, price_list=price_list)
    total = Money.sum(line.amount for line in offered)
    if package_price is not None and package_price > total:
        raise PackageDearerThanItsItems(totalFen=total.fen, offeredFen=package_price.fen)
    return Quote(lines=offered, package_price=package_price)


def without(offer: Quote, code: str) -> Quote:
    """Take one service out of an offer; the rest is then charged item by item.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), art. 43 (no bundling).
    """
    left = tuple(line for line in offer.lines if line.code != code)
    return replace(offer, lines=left, package_price=None)


def bill(
    lines: Iterable[Line],
    *,
    signed: Quote,
    price_list: PriceList,
    exempted_codes: frozenset[str] = frozenset(),
) -> Bill:
    """Bill what was signed, less what the deceased is exempted from.

    A package keeps its discount only if it was taken whole.

    Raises:
        NotOnThePriceList: A service is not on the list, signed or not.
        PriceOutOfRange: A price is not as published.
        NotSigned: A service, a quantity or a price is not what the family signed.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), arts. 42, 43, 50;
        发改价格〔2026〕108号; exemption at the counter, not as a later refund.
    """
    charged = tuple(lines)
    for line in charged:
        ensure_listed(line, price_list=price_list)
        _ensure_signed(line, signed)
    summed = Money.sum(line.amount for line in charged)
    is_whole = signed.package_price is not None and charged == signed.lines
    exempted = Money.sum(line.amount for line in charged if line.code in exempted_codes)
    return Bill(
        lines=charged,
        discount=summed - signed.total if is_whole else Money(0),
        exempted=exempted,
    )


def ensure_not_exempted(codes: Iterable[str], *, already: frozenset[str]) -> None:
    """Let an exemption pass once per deceased and service.

    Raises:
        ExemptionAlreadyGranted: One of the services was already exempted.

    Source:
        House rule on the exemption of basic funeral services (基本殡葬服务减免): one exemption
        per deceased per item.
    """
    repeated = sorted(already.intersection(codes))
    if repeated:
        raise ExemptionAlreadyGranted(codes=repeated)


def _ensure_signed(line: Line, signed: Quote) -> None:
    agreed = next((one for one in signed.lines if one.code == line.code), None)
    within = (
        agreed is not None
        and line.quantity <= agreed.quantity
        and line.unit_price <= agreed.unit_price
    )
    if not within:
        raise NotSigned(code=line.code)
