"""What may be shown of a name or a number to those who need not know it.

Positions not named below are always replaced. A value too short for its rule is
hidden completely: an unusual number must not show more of itself than a usual one.

Source:
    House rule on the Personal Information Protection Law (个人信息保护法, 2021), art. 6
    (smallest scope) and art. 51(3) (de-identification).
"""

STAR = "*"


def mask_name(name: str) -> str:
    """The first character only: `张**`, `张*`. A name of one character is hidden."""
    return _show(name, first=1, last=0, shortest=2)


def mask_id_number(number: str) -> str:
    """The first three and last four: `110***********002X`. Shorter than fifteen: hidden.

    Fifteen is the length of the first-generation number; passports are shorter.
    """
    return _show(number, first=3, last=4, shortest=15)


def mask_phone(phone: str) -> str:
    """The first three and last four: `138****5678`. Shorter than a mobile number: hidden."""
    return _show(phone, first=3, last=4, shortest=11)


def mask_account(account: str) -> str:
    """The last four of a bank account: `************5678`. Shorter than twelve: hidden."""
    return _show(account, first=0, last=4, shortest=12)


def _show(value: str, *, first: int, last: int, shortest: int) -> str:
    value = value.strip()
    if len(value) < shortest:
        return STAR * len(value)
    hidden = len(value) - first - last
    return value[:first] + STAR * hidden + value[len(value) - last :]
