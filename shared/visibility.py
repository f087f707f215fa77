"""Which records of a department an actor may see, as a predicate inside the query.

A record outside of it answers like one that does not exist.
"""

from dataclasses import dataclass

from shared.auth import Actor, ActorKind

IN_DIVISION = """
    (:division IN (
        division,
        rpad(left(division, 9), 12, '0'),
        rpad(left(division, 6), 12, '0'),
        rpad(left(division, 4), 12, '0'),
        rpad(left(division, 2), 12, '0')
    ))
"""
"""SQL over a column `division`: the record lies in the asker's division or below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """What one actor may see.

    Args:
        everything: Another service of the house, which asks on behalf of a case.
        division: An officer's own division; everything in and below it.
        person: Blind index of a citizen, who sees what is their own.
    """

    everything: bool = False
    division: str | None = None
    person: str | None = None

    @classmethod
    def of(cls, actor: Actor) -> "Visibility":
        """What an actor may see; nothing at all for those whom no rule names."""
        match actor.kind:
            case ActorKind.SERVICE:
                return cls(everything=True)
            case ActorKind.OFFICER:
                return cls(division=actor.division)
            case ActorKind.CITIZEN:
                return cls(person=actor.person_index)
            case _:
                return cls()

    def as_parameters(self) -> dict[str, object]:
        """Parameters for a statement that uses `IN_DIVISION`, `:everything` and `:person`."""
        return {
            "everything": self.everything,
            "division": self.division or "",
            "person": self.person or "",
        }
