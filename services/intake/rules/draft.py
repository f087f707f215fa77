"""How long a draft is kept."""

from datetime import datetime, timedelta

KEPT_DAYS = 90


def draft_expires_at(saved_at: datetime) -> datetime:
    """The instant after which a draft that was saved now is destroyed.

    Source:
        个人信息保护法 art. 19 (kept no longer than the purpose needs); the ninety days, counted
        from the last save, are a house rule.
    """
    return saved_at + timedelta(days=KEPT_DAYS)
