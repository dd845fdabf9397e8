"""A safety plan: the six parts of Stanley and Brown in their order, and a seventh for whatever else somebody wants.

Source: Stanley and Brown 2012, Safety Planning Intervention, doi 10.1016/j.cbpra.2011.01.001. Its parts are short lists
in a person's own words; here each is one text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

SIGNS, ALONE, AROUND, PEOPLE, PROFESSIONALS, SAFER = "signs", "alone", "around", "people", "professionals", "safer"
GUIDED = (SIGNS, ALONE, AROUND, PEOPLE, PROFESSIONALS, SAFER)  # one after the other, as the source has them
OWN = "own"  # anything else; all that a plan held before it had parts
PARTS = (*GUIDED, OWN)

# In UTF-16 units, as Telegram counts. A part fits under a button that copies it (256), and the card with the whole plan
# into a message (4096).
LONGEST_PART = 240
LONGEST_PLAN = 2_000


def units(text: str) -> int:
    """Returns the length of a text as Telegram counts it: some characters are two UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wrote, by part. A part that says nothing is not there."""

    parts: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> list[tuple[str, str]]:
        """Returns the parts that say something, in order."""
        return [(part, self.parts[part]) for part in PARTS if part in self.parts]

    def with_part(self, part: str, text: str) -> Self:
        """Returns the plan with this text in place of the part's; an empty one takes the part out."""
        return type(self)({name: said for name, said in {**self.parts, part: text}.items() if said})

    def room_for(self, part: str) -> int:
        """Returns how long the text of this part may be, in UTF-16 units, beside what the others say."""
        others = sum(units(text) for name, text in self.parts.items() if name != part)
        return max(min(LONGEST_PART, LONGEST_PLAN - others), 0)

    def to_json(self) -> str:
        """Returns the plan as it is encrypted and stored."""
        return json.dumps(dict(self.parts), ensure_ascii=False)

    @classmethod
    def from_stored(cls, stored: str) -> Self:
        """Reads what `to_json` wrote. Any other text is a plan of an older version, which had no parts."""
        try:
            parts = json.loads(stored)
        except ValueError:
            parts = None
        if isinstance(parts, dict) and parts.keys() <= set(PARTS) and all(isinstance(v, str) for v in parts.values()):
            return cls(parts)
        return cls({OWN: stored})
