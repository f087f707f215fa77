"""How often somebody may verify certificates without signing in."""

WINDOW_MINUTES = 10
"""Over how many minutes verifications are counted."""

MOST = (60, 10)
"""From one address, and wrong codes for one certificate, within the window.

Sixty lets a counter of a bank scan all day long from behind one address. Ten wrong codes
of eight characters (40 bits) are nothing to hope for, and no reason to lock an old person
out who cannot read the small print.
"""

KEPT_MINUTES = 60
"""After this a count says nothing any more and is forgotten."""


def first_minute_kept(minute: int) -> int:
    """The oldest minute whose counts are still kept.

    Source:
        个人信息保护法 art. 19 (shortest retention); the limits themselves are a house rule.
    """
    return minute - KEPT_MINUTES
