"""How long the archive of a marriage is kept."""

LEAST_YEARS = {"marriage_party": 100}
"""For each kind of record the fewest years of keeping, counted from when it is closed.

Source:
    婚姻登记档案管理办法 (2006) art. 13: a hundred years, longer where of continuing value. The
    article is cited from a second source: check before go-live.
"""
