"""A tiny catalogue without a fault, and what becomes of it when one thing in it is changed."""

from collections.abc import Mapping
from datetime import date

from services.intake.actions.catalogue_files import Fault
from services.intake.actions.lint_catalogue import lint_catalogue
from tests.support.forms import CATALOGUE

ON = date(2026, 11, 23)
MARK = "# <--"
"""Stands at the end of the line on which the fault is to be found."""

ITEM = """\
code: TS101
title: {zh: 示例事项, en: Example}
owner: relief
category: 1
kind: benefit
legal_basis: [示例办法 第1条]
applicant: {id_no: applicant.id_no, name: applicant.name}
division: place
summary: [amount_fen]
form:
  title: 示例表
  x-en: Form
  type: object
  additionalProperties: false
  required: [applicant, place, amount_fen]
  properties:
    applicant:
      type: object
      title: 申请人
      x-en: Applicant
      additionalProperties: false
      required: [name, id_no]
      properties:
        name: {type: string, title: 姓名, x-en: Name}
        id_no: {type: string, title: 号码, x-en: Number, format: resident-id}
    place: {type: string, title: 地点, x-en: Place, format: division}
    amount_fen: {type: integer, title: 金额, x-en: Amount}
materials:
  - key: proof
    title: {zh: 证明, en: Proof}
    required: key
acceptance: automatic
matters:
  - key: relief
    title: {zh: 救助, en: Relief}
    join: {rule: lead, lead: decision}
    effect: {service: relief, name: grant}
    discloses: [applicant]
    tasks:
      - key: police_check
        title: {zh: 核对, en: Check}
        handler: partner:police
        check: identity
        limit: {length: 1, unit: hour}
        discloses: [applicant]
      - key: own_check
        title: {zh: 自查, en: Own check}
        handler: service:relief
        check: duplicate
        limit: {length: 1, unit: working_day}
        discloses: [applicant]
      - key: decision
        title: {zh: 决定, en: Decision}
        handler: officer
        office: {function: civil-affairs, level: county}
        needs: [police_check, own_check]
        when: form.amount_fen > params.floor_fen
        limit: {length: 1, unit: working_day}
        discloses: [applicant]
"""

PLACES = """\
divisions:
  - {code: '330106000000', level: county, name: {zh: 西湖区, en: Xihu}}
offices:
  - key: county
    name: {zh: 民政局, en: Civil affairs}
    division: '330106000000'
    level: county
    functions: [civil-affairs]
officers:
  - {key: zhou, offices: [county]}
partners:
  - {system: police, name: {zh: 公安, en: Police}, checks: [identity]}
services:
  - {service: relief, checks: [duplicate], effects: [grant]}
"""

PARAMETERS = """\
parameters:
  - {division: '330106000000', effective_from: 2026-01-01, values: {floor_fen: 100}}
"""

CALENDAR = """\
version: example-2026
region: CN
year: 2026
source: 示例通知
holidays: []
"""


def tiny_catalogue() -> dict[str, str]:
    return {
        "item.schema.json": (CATALOGUE / "item.schema.json").read_text(encoding="utf-8"),
        "items/TS101.yaml": ITEM,
        "places/all.yaml": PLACES,
        "parameters/2026.yaml": PARAMETERS,
        "calendar/2026.yaml": CALENDAR,
    }


def changed(old: str, new: str, *, file: str = "items/TS101.yaml") -> dict[str, str]:
    """The tiny catalogue with one text replaced; the new one may carry `MARK`."""
    files = tiny_catalogue()
    assert files[file].count(old) == 1, f"{old!r} stands {files[file].count(old)} times"
    files[file] = files[file].replace(old, new)
    return files


def marked(files: Mapping[str, str]) -> tuple[str, int]:
    """The file and the line that carry the mark."""
    return next(
        (file, number)
        for file, text in files.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if line.endswith(MARK)
    )


def lint(files: Mapping[str, str], *, on: date = ON) -> list[Fault]:
    return lint_catalogue(files, on=on)
