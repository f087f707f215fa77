"""Who may do what at every door, written from the papers and not from the code.

The rules here are those of the architecture and the conventions: a citizen sees what is
their own, an agent what a grant in force allows, an officer the cases that lie or lay with
an office of theirs, a supervisor a division's cards and loops, a partner and a service what
was asked of them, an operator how the house runs. Somebody else's record is not there; a
door that is for other actors is shut; without a token nobody is known.

Nothing is read from the services: two people who wrote down the same policy must agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

ALLOWED, UNKNOWN, SHUT, HIDDEN = "allowed", "401", "403", "404"

NOBODY: Final = "nobody"
CITIZENS = frozenset({"chen", "liu", "wang", "gu", "zhao"})
OFFICERS = frozenset(
    {
        "lin",
        "lead",
        "he",
        "gao",
        "county",
        "supervisor",
        "far-supervisor",
        "reviewer",
        "far-reviewer",
        "province",
        "far",
        "registrar",
        "nowhere",
    }
)
"""Of the township, a village of it, another township, the county, the province, elsewhere."""
SERVICES = frozenset({"relief", "funeral", "registry", "intake"})
PARTNERS = frozenset({"police", "education", "postal-carrier", "hotline"})
OPERATORS = frozenset({"operator"})

Names = frozenset[str]
NO_ONE: Names = frozenset()
TOWNSHIP = frozenset({"lin", "lead"})
"""Both work in the township's office, which leads every case here."""
VILLAGE = frozenset({"he"})
"""Asked by the same cases, and not the lead of any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who a door is for, whose records it shows, and who sees but may not act.

    A record that is not named in `shows` is there for nobody.
    """

    doors: Names
    shows: Mapping[str, Names] = field(default_factory=dict)
    """By record: those for whom it is there. Empty: the door is about no record."""
    watches: Mapping[str, Names] = field(default_factory=dict)
    """By record: those for whom it is there although the act is not theirs."""
    is_open: bool = False
    proves: Names = NO_ONE
    """Those it is for once they have shown a second factor lately, as nobody here has."""

    def answer(self, who: str, record: str | None) -> str:
        """What somebody must be answered."""
        if self.is_open:
            return ALLOWED
        if who == NOBODY:
            return UNKNOWN
        if who in self.proves:
            return UNKNOWN
        if who not in self.doors:
            return SHUT
        if record is None:
            return ALLOWED
        if who in self.watches.get(record, NO_ONE):
            return SHUT
        return ALLOWED if who in self.shows.get(record, NO_ONE) else HIDDEN


def _everywhere(records: tuple[str, ...], names: Names) -> dict[str, Names]:
    return dict.fromkeys(records, names)


CHENS = ("own", "refused", "granted", "withdrawn")
CASES = (*CHENS, "represented", "ended")
OWNERS: Mapping[str, Names] = {
    **_everywhere(CHENS, frozenset({"chen"})),
    # Liu applied for Gu; Wang applied for Zhao, and Wang's grant is over.
    "represented": frozenset({"liu", "gu"}),
    "ended": frozenset({"zhao"}),
}
ASKED = TOWNSHIP | VILLAGE
READERS = {case: OWNERS[case] | ASKED for case in CASES}
LED = _everywhere(CASES, TOWNSHIP)
ASKED_ONLY = _everywhere(CASES, VILLAGE)

owner = Policy(doors=CITIZENS, shows=OWNERS)
reader = Policy(doors=CITIZENS | OFFICERS, shows=READERS)
lead = Policy(doors=OFFICERS, shows=LED, watches=ASKED_ONLY)
citizens, officers = Policy(doors=CITIZENS), Policy(doors=OFFICERS)
operators = Policy(doors=OPERATORS)
own_draft = Policy(doors=CITIZENS, shows={"chens-draft": frozenset({"chen"})})

HANDLERS: Mapping[str, Names] = {
    "fact-check": TOWNSHIP,
    "home-visit": VILLAGE,
    "for-relief": frozenset({"relief"}),
    "for-police": frozenset({"police"}),
    "answered": TOWNSHIP,
}
"""By task: whose it is. One that waits is nobody's yet."""
HANDS = OFFICERS | PARTNERS
answerer = Policy(doors=HANDS | SERVICES, shows=HANDLERS)
hand = Policy(doors=HANDS, shows=HANDLERS)

APPEAL = frozenset({"chen"})
REVIEW = frozenset({"reviewer"})
review = Policy(doors=OFFICERS, shows={"appeal": REVIEW})

COMPLAINT = TOWNSHIP | {"chen", "supervisor"}
ORDER = TOWNSHIP | {"hotline", "supervisor"}
LOOPS: Mapping[str, Names] = {"complaint": COMPLAINT, "work-order": ORDER}

INTAKE: Mapping[str, Policy] = {
    "POST /v1/applications": Policy(
        doors=CITIZENS,
        shows={"chens-form": frozenset({"chen"})},
        watches={"chens-form": CITIZENS - {"chen"}},
    ),
    "POST /v1/applications:validate": citizens,
    "GET /v1/drafts": citizens,
    "GET /v1/drafts/{code}": own_draft,
    # Whoever saves writes a draft of their own, and meets nobody else's.
    "POST /v1/drafts/{code}:save": citizens,
    "POST /v1/drafts/{code}:discard": own_draft,
    "POST /v1/drafts/{code}:submit": own_draft,
    "GET /v1/applications": citizens,
    "GET /v1/applications/by-number/{number}": reader,
    "GET /v1/applications/{application_id}": reader,
    "GET /v1/applications/{application_id}/explanation": reader,
    "GET /v1/applications/{application_id}/clocks": reader,
    "POST /v1/applications/{application_id}:correct": owner,
    "POST /v1/applications/{application_id}:withdraw": owner,
    "POST /v1/applications/{application_id}:hand-in": owner,
    "POST /v1/applications/{application_id}:deliver": owner,
    "GET /v1/applications/{application_id}/deliveries": owner,
    "POST /v1/applications/{application_id}:rate": owner,
    "POST /v1/applications/{application_id}:change-rating": owner,
    "POST /v1/applications/{application_id}:appeal": owner,
    "GET /v1/applications/{application_id}/appeals": owner,
    "POST /v1/applications/{application_id}:pause": lead,
    "POST /v1/applications/{application_id}:resume": lead,
    "POST /v1/applications/{application_id}:extend": lead,
    "POST /v1/applications/{application_id}:move": Policy(
        doors=OFFICERS | OPERATORS,
        shows=dict.fromkeys(CASES, TOWNSHIP | OPERATORS),
        watches=ASKED_ONLY,
    ),
    "GET /v1/applications/{application_id}/late-answers": Policy(
        doors=OFFICERS, shows=_everywhere(CASES, ASKED)
    ),
    "POST /v1/late-answers/{late_id}:review": Policy(doors=OFFICERS, shows={"late": NO_ONE}),
    "POST /v1/applications:enter": officers,
    "POST /v1/applications:search": officers,
    "POST /v1/applications:export": officers,
    "POST /v1/tasks:bulk": officers,
    "GET /v1/tasks": Policy(doors=HANDS | SERVICES),
    "GET /v1/tasks/{task_id}": answerer,
    "GET /v1/tasks/{task_id}/disclosure": answerer,
    "GET /v1/tasks/{task_id}/deadline": Policy(
        doors=CITIZENS | HANDS | SERVICES,
        shows={
            **{task: names | {"chen"} for task, names in HANDLERS.items()},
            "for-police": frozenset({"police", "chen"}),
        },
    ),
    "POST /v1/tasks/{task_id}:claim": hand,
    "POST /v1/tasks/{task_id}:release": hand,
    "POST /v1/tasks/{task_id}:verdict": hand,
    "POST /v1/tasks/{task_id}:recuse": Policy(doors=OFFICERS, shows=HANDLERS),
    "POST /v1/tasks/{task_id}:reassign": Policy(
        doors=OFFICERS,
        shows={
            "fact-check": frozenset({"lead", "supervisor"}),
            "answered": frozenset({"lead", "supervisor"}),
            "home-visit": frozenset({"supervisor"}),
        },
        watches={
            "fact-check": frozenset({"lin"}),
            "answered": frozenset({"lin"}),
            "home-visit": VILLAGE,
        },
    ),
    "GET /v1/matters/{matter_id}/disclosure": Policy(
        doors=SERVICES, shows={"granted-matter": frozenset({"relief"})}
    ),
    "GET /v1/matters/{matter_id}/outcome": Policy(
        doors=SERVICES, shows={"granted-matter": frozenset({"registry"})}
    ),
    "GET /v1/parcels": Policy(doors=PARTNERS),
    "GET /v1/parcels/{delivery_id}/label": Policy(
        doors=PARTNERS, shows={"parcel": frozenset({"postal-carrier"})}
    ),
    "POST /v1/deliveries/{delivery_id}:track": Policy(
        doors=HANDS, shows={"parcel": frozenset({"postal-carrier"})}
    ),
    "GET /v1/appeals": officers,
    "GET /v1/appeals/{appeal_id}": Policy(
        doors=CITIZENS | OFFICERS, shows={"appeal": APPEAL | REVIEW}
    ),
    "POST /v1/appeals/{appeal_id}:accept": review,
    "POST /v1/appeals/{appeal_id}:refuse": review,
    "POST /v1/appeals/{appeal_id}:decide": review,
    "POST /v1/appeals/{appeal_id}:withdraw": Policy(doors=CITIZENS, shows={"appeal": APPEAL}),
    "POST /v1/complaints": owner,
    "POST /v1/work-orders": Policy(doors=PARTNERS),
    "POST /v1/inspections": Policy(
        doors=OFFICERS,
        shows={"county": frozenset({"supervisor"})},
        watches={"county": OFFICERS - {"supervisor"}},
    ),
    "GET /v1/redress": Policy(doors=CITIZENS | HANDS),
    "GET /v1/redress/{redress_id}": Policy(doors=CITIZENS | HANDS, shows=LOOPS),
    "POST /v1/redress/{redress_id}:step": Policy(doors=CITIZENS | HANDS, shows=LOOPS),
    "GET /v1/rating-invitations": citizens,
    "GET /v1/ratings/summary": officers,
    "GET /v1/cards": officers,
    "POST /v1/delegations": officers,
    "GET /v1/delegations": officers,
    "POST /v1/delegations/{delegation_id}:revoke": Policy(
        doors=OFFICERS, shows={"lins-delegation": frozenset({"lin"})}
    ),
    "POST /v1/absences": officers,
    "GET /v1/absences": officers,
    "POST /v1/absences/{absence_id}:end": Policy(
        doors=OFFICERS, shows={"lins-absence": frozenset({"lin"})}
    ),
    "POST /v1/relations": officers,
    "GET /v1/relations": officers,
    "POST /v1/relations/{relation_id}:withdraw": Policy(
        doors=OFFICERS, shows={"lins-relation": frozenset({"lin"})}
    ),
    "POST /v1/files": Policy(doors=CITIZENS | OFFICERS),
    "GET /v1/journal:verify": operators,
    "GET /v1/items/{code}/versions": Policy(doors=OFFICERS | OPERATORS),
    "GET /v1/items/{code}/changes": Policy(doors=OFFICERS | OPERATORS),
    "POST /v1/items/{code}/versions/{version}:withdraw": operators,
    "GET /v1/items/{code}/versions/{version}/moves": operators,
}

LISTED: Mapping[str, Mapping[str, Names]] = {
    "GET /v1/applications": OWNERS,
    "POST /v1/applications:search": dict.fromkeys(CASES, ASKED),
    "GET /v1/tasks": {task: names for task, names in HANDLERS.items() if task != "answered"},
    "GET /v1/appeals": {"appeal": REVIEW},
    "GET /v1/redress": LOOPS,
    "GET /v1/parcels": {"parcel": frozenset({"postal-carrier"})},
}
"""What a list of the window must hold of what there is, for whom: what a read would show."""

ALL_ABOVE = frozenset({"lin", "county", "province"})
"""Officers of the division of a record of the township, and of those it lies in."""
FILES = CITIZENS | OFFICERS | SERVICES


def _department(noun: str, seen_by: Names, doors: Names) -> Mapping[str, Policy]:
    return {
        f"GET /v1/{noun}s/{{{'case' if noun == 'funeral' else noun}_id}}": Policy(
            doors=doors, shows={noun: seen_by | SERVICES}
        ),
        f"GET /v1/{noun}s": Policy(doors=doors),
    }


TO_REGISTRY = frozenset({"registry"})
"""Whose a record is, is told as hashes to the register of residents and to nobody else."""
RELIEF = {
    **_department("benefit", ALL_ABOVE | {"chen"}, FILES),
    "GET /v1/benefits/{benefit_id}/people": Policy(
        doors=TO_REGISTRY, shows={"benefit": TO_REGISTRY}
    ),
}
MARRIAGE = {
    **_department("marriage", frozenset({"county", "province", "liu", "wang"}), FILES),
    "GET /v1/marriages/{marriage_id}/parties": Policy(
        doors=TO_REGISTRY, shows={"marriage": TO_REGISTRY}
    ),
}
FUNERAL = _department("funeral", ALL_ABOVE, OFFICERS | SERVICES)

everybody = Policy(doors=NO_ONE, is_open=True)
holder = Policy(doors=CITIZENS)
asking = Policy(doors=SERVICES, shows={"enquiry": frozenset({"relief"})})

OF_VILLAGE = frozenset({"lin", "he", "county", "registrar"})
"""Officers of an office in whose division the village lies."""
WRITING = frozenset({"lin", "county", "registrar"})
"""Those of them whose role lets them write in the register of residents."""
resident = Policy(doors=OFFICERS, shows={"resident": OF_VILLAGE})
household = Policy(doors=OFFICERS, shows={"household": OF_VILLAGE})
UNFIT = {name: frozenset({"he"}) for name in ("resident", "household", "object", "missing")}
"""They may read and not write, whatever the record."""

reviewing = Policy(doors=OFFICERS, watches={"missing": frozenset({"he", "registrar"})})

unproven = Policy(doors=NO_ONE, proves=OFFICERS)
administering = replace(operators, proves=OFFICERS)
"""Programs of operators have no second factor to show."""

REGISTRY: Mapping[str, Policy] = {
    "GET /.well-known/jwks.json": everybody,
    "POST /v1/token": everybody,
    "POST /v1/sign-in": everybody,
    "POST /v1/token:refresh": everybody,
    "POST /v1/token:revoke": everybody,
    "GET /v1/items": everybody,
    "GET /v1/items/{code}": everybody,
    "GET /v1/items/{code}/versions/{version}": everybody,
    "GET /v1/offices": everybody,
    "GET /v1/divisions/{code}": everybody,
    "GET /v1/publications": everybody,
    "GET /v1/shared-facts": everybody,
    "GET /v1/offices/{office_id}/officers": Policy(
        doors=OFFICERS | SERVICES, shows={"township": SERVICES | {"lin"}, "missing": SERVICES}
    ),
    "POST /v1/grants": citizens,
    "GET /v1/grants": citizens,
    "POST /v1/grants/{grant_id}:revoke": Policy(
        doors=CITIZENS, shows={"chens-grant": frozenset({"chen"})}
    ),
    "POST /v1/grants:check": Policy(doors=SERVICES),
    "POST /v1/residents": Policy(doors=OFFICERS, shows={"household": WRITING}, watches=UNFIT),
    "POST /v1/residents:find": resident,
    "GET /v1/residents/{resident_id}": resident,
    "POST /v1/residents/{resident_id}/facts": Policy(
        doors=OFFICERS, shows={"resident": WRITING}, watches=UNFIT
    ),
    "POST /v1/residents/{resident_id}:change-identity": Policy(
        doors=OFFICERS, shows={"resident": WRITING}, watches=UNFIT
    ),
    "POST /v1/households": Policy(
        doors=OFFICERS,
        shows={"village": WRITING},
        watches={"village": frozenset({"he"})},
    ),
    "POST /v1/households/{household_id}:settle": Policy(
        doors=OFFICERS, shows={"household": WRITING}, watches=UNFIT
    ),
    "GET /v1/households/{household_id}": household,
    "GET /v1/certificates": citizens,
    "GET /v1/certificates/{certificate_id}": holder,
    "GET /v1/certificates/{certificate_id}/pdf": holder,
    "GET /v1/certificates/{certificate_id}/uses": holder,
    "POST /v1/certificates/{certificate_id}:credential": holder,
    "POST /v1/certificates/{certificate_id}:end": Policy(doors=OFFICERS),
    "POST /v1/certificates/{certificate_id}:reissue": Policy(doors=OFFICERS),
    "POST /v1/certificates:verify": Policy(doors=PARTNERS | SERVICES),
    "GET /.well-known/certificate-keys.json": everybody,
    "GET /.well-known/jwt-vc-issuer": everybody,
    "GET /v1/status-lists/{number}": everybody,
    "GET /v1/certificate-types/{code}": everybody,
    "GET /verify": everybody,
    "POST /verify": everybody,
    "GET /verify/{token}": everybody,
    "POST /v1/sign-in:begin": everybody,
    "POST /v1/officers:sign-in": everybody,
    "POST /v1/enrolments:begin": everybody,
    "POST /v1/enrolments:confirm": everybody,
    "GET /.well-known/revoked-sessions.json": everybody,
    "GET /v1/divisions/{code}/succession": everybody,
    "POST /v1/bindings": everybody,
    "GET /v1/bindings": citizens,
    "POST /v1/bindings/{binding_id}:unbind": holder,
    "POST /v1/session:step-up": officers,
    "GET /v1/sessions": Policy(doors=CITIZENS | OFFICERS),
    "POST /v1/sessions/{session_id}:revoke": Policy(doors=CITIZENS | OFFICERS),
    "POST /v1/officers/me:change-password": unproven,
    "GET /v1/officers": administering,
    "POST /v1/officers": administering,
    "POST /v1/officers/{officer_id}:assign": administering,
    "POST /v1/officers/{officer_id}:invite": administering,
    "POST /v1/officers/{officer_id}:reinstate": administering,
    "POST /v1/officers/{officer_id}:suspend": administering,
    "POST /v1/officer-changes/{change_id}:confirm": administering,
    "POST /v1/officer-changes/{change_id}:reject": administering,
    "GET /v1/adoptions/{adoption_number}": officers,
    "GET /v1/organisations": officers,
    "GET /v1/organisations/{uscc}": officers,
    "GET /v1/place-names": officers,
    "GET /v1/duplicates": officers,
    "POST /v1/duplicates/{candidate_id}:merge": reviewing,
    "POST /v1/duplicates/{candidate_id}:dismiss": reviewing,
    "POST /v1/merges/{merge_id}:undo": reviewing,
    "GET /v1/service-objects": Policy(doors=OFFICERS, shows={"village": OF_VILLAGE}),
    "GET /v1/service-objects/counts": officers,
    "POST /v1/residents/{resident_id}/service-objects": Policy(
        doors=OFFICERS, shows={"resident": WRITING}, watches=UNFIT
    ),
    "POST /v1/service-objects/{object_id}:end": Policy(
        doors=OFFICERS, shows={"object": WRITING}, watches=UNFIT
    ),
    "POST /v1/enquiries": Policy(doors=SERVICES),
    "GET /v1/enquiries": Policy(doors=SERVICES),
    "GET /v1/enquiries/{enquiry_id}": asking,
    "GET /v1/suppliers": operators,
}

ORACLE: Mapping[str, Mapping[str, Policy]] = {
    "intake": INTAKE,
    "registry": REGISTRY,
    "relief": RELIEF,
    "marriage": MARRIAGE,
    "funeral": FUNERAL,
}

RECORDS: Mapping[str, tuple[str, ...]] = {
    "application_id": (*CASES, "missing"),
    "number": (*CASES, "missing"),
    "task_id": (*HANDLERS, "waiting", "missing"),
    "matter_id": ("matter", "granted-matter", "missing"),
    "delivery_id": ("parcel", "missing"),
    "appeal_id": ("appeal", "missing"),
    "redress_id": ("complaint", "work-order", "missing"),
    "late_id": ("missing",),
    "delegation_id": ("lins-delegation", "missing"),
    "absence_id": ("lins-absence", "missing"),
    "relation_id": ("lins-relation", "missing"),
    "benefit_id": ("benefit", "missing"),
    "marriage_id": ("marriage", "missing"),
    "case_id": ("funeral", "missing"),
    "office_id": ("township", "missing"),
    "grant_id": ("chens-grant", "missing"),
    "resident_id": ("resident", "missing"),
    "household_id": ("household", "missing"),
    "object_id": ("object", "missing"),
    "candidate_id": ("missing",),
    "merge_id": ("missing",),
    "certificate_id": ("missing",),
    "enquiry_id": ("enquiry", "missing"),
    "binding_id": ("missing",),
    "session_id": ("missing",),
    "officer_id": ("missing",),
    "change_id": ("missing",),
}
"""What each name in a path may stand for."""

IN_BODY: Mapping[str, tuple[str, ...]] = {
    "POST /v1/applications": ("chens-form",),
    "GET /v1/drafts/{code}": ("chens-draft",),
    "POST /v1/drafts/{code}:discard": ("chens-draft",),
    "POST /v1/drafts/{code}:submit": ("chens-draft",),
    "POST /v1/complaints": (*CASES, "missing"),
    "POST /v1/inspections": ("county",),
    "POST /v1/residents": ("household", "missing"),
    "POST /v1/residents:find": ("resident", "missing"),
    "POST /v1/households": ("village",),
    "GET /v1/service-objects": ("village",),
}
"""Doors whose record is named in the body, or by an item and by who asks."""
