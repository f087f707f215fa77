"""Who is asked in a case, and what a set of votes comes to: part of the independent model."""

from collections.abc import Iterable, Mapping, Sequence

from tests.support.random_plans import RandomItem, RandomMatter, RandomTask


def planned(item: RandomItem, flags: Mapping[str, bool]) -> list[RandomTask]:
    """Which tasks are asked: conditions hold, and nobody needed for an approval is left out."""

    def holds(flag: str | None) -> bool:
        return flag is None or flags[flag]

    asked = {
        task.ref: task
        for matter in item.matters
        if holds(matter.flag)
        for task in matter.tasks
        if holds(task.flag)
    }
    while True:
        kept = {
            ref: task
            for ref, task in asked.items()
            if all(other in asked for other, approved in task.needs if approved)
        }
        if len(kept) == len(asked):
            return [task for task in item.tasks if task.ref in kept]
        asked = kept


def asked_of(matter: RandomMatter, tasks: Sequence[RandomTask]) -> RandomMatter:
    """The matter with only those in its join who are asked; if none of the named is, everybody."""
    here = [task.key for task in tasks if task.matter == matter.key]
    voters = tuple(key for key in matter.voters if key in here) or tuple(here)
    return RandomMatter(
        key=matter.key,
        flag=matter.flag,
        rule=matter.rule,
        policy=matter.policy,
        voters=voters,
        count=matter.count,
        lead=tuple(key for key in matter.lead if key in here),
        has_effect=matter.has_effect,
        tasks=tuple(task for task in matter.tasks if task.key in here),
    )


def tally(matter: RandomMatter, votes: Mapping[str, str]) -> str:
    """The outcome of a set of votes in which none is missing."""

    def settled(keys: Iterable[str]) -> list[str]:
        """Whoever could not be asked is a missing approval where others spoke, else nothing."""
        cast = [votes[key] for key in keys]
        instead = "against" if {"for", "against"} & set(cast) else "absent"
        return [instead if vote == "fallen" else vote for vote in cast]

    voters = settled(matter.voters)
    may_veto = list(votes.values()) if matter.rule in ("required", "lead") else voters
    if matter.policy == "veto" and "against" in may_veto:
        return "refused"
    lead = votes[matter.lead[0]] if matter.lead else "absent"
    says = {"for": "granted", "against": "refused"}
    if matter.rule == "lead":
        return says.get(lead, "not-applicable")
    if matter.policy == "lead" and "against" in voters and lead in says:
        return says[lead]
    concerned = [vote for vote in voters if vote != "absent"]
    if not concerned:
        return "not-applicable"
    wanted = {"any": 1, "at_least": matter.count or 1}.get(matter.rule, len(concerned))
    enough = concerned.count("for") >= min(wanted, len(concerned))
    return "granted" if enough else "refused"
