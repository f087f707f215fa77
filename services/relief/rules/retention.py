"""How long the personal data of a benefit is kept."""

LEAST_YEARS = {"benefit": 1, "beneficiary": 1}
"""For each kind of record the fewest years of keeping; the schedule is the archive department's.

Source:
    个人信息保护法 (2021) art. 19: no longer than the purpose needs. No national number for
    relief files is known here: the schedule in the catalogue says which, and from where.
"""
