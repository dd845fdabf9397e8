"""A safety plan as messages: the whole with its buttons, the question for one part, and the plan alone to send on."""

from dataclasses import dataclass

from bot.content.support import Support
from bot.domain.safety_plan import GUIDED, PARTS, Plan, units
from bot.screens.callback_data import SAFETY_PLAN, question_start
from bot.screens.outgoing import Button, OutgoingMessage, bold, joined, marked, paired

MOST_COPIED = 256  # UTF-16 units that a button copies (https://core.telegram.org/bots/api#copytextbutton)
# Nobody types these by chance, so only a button empties a part or removes the plan.
SKIP, EMPTY, STOP, YES, NO = "skip-part", "empty-part", "stop-plan", "remove-them", "leave-them"


@dataclass(frozen=True, slots=True)
class PlanOnCard:
    """The safety plan of a private chat on the card. `plan` is None if one is kept but cannot be decrypted."""

    plan: Plan | None
    can_keep: bool

    @property
    def is_kept(self) -> bool:
        """Whether there is one, readable or not."""
        return self.plan is None or bool(self.plan.parts)


def plan_text(support: Support, plan: Plan) -> str:
    """Returns the heading, and under it each part that says something, with its name in bold; empty without one."""
    texts = support.card.plan
    lines = [f"{bold(f'{texts.parts[part].name}:')} {said}" for part, said in plan.written()]
    return "\n".join((bold(texts.heading), *lines)) if lines else ""


def on_card(support: Support, own: PlanOnCard | None) -> str:
    """What the card shows of a safety plan, for `marked`; empty without one."""
    if own is None:
        return ""
    return support.card.plan.cannot_open if own.plan is None else plan_text(support, own.plan)


def plan_button(support: Support, own: PlanOnCard | None) -> tuple[Button, ...]:
    """Returns a row with the way from the card to the plan; empty where none can be kept and none is."""
    if own is None or not (own.is_kept or own.can_keep):
        return ()
    labels = support.card.buttons
    return (Button(labels.plan if own.is_kept else labels.make_plan, SAFETY_PLAN.build()),)


def overview(support: Support, own: PlanOnCard, lead: str = "") -> OutgoingMessage:
    """The plan with a button for each part, or what a plan is. `lead` says what was just done."""
    texts, labels = support.card.plan, support.card.buttons
    remove = Button(labels.remove, SAFETY_PLAN.build("remove"))
    if own.plan is None:
        return OutgoingMessage(joined(lead, texts.cannot_change), ((remove,),))
    plan, is_kept = own.plan, own.is_kept
    whole = (Button(labels.copy_or_send, SAFETY_PLAN.build("send")), remove)
    if not own.can_keep:
        return marked(joined(lead, plan_text(support, plan), texts.cannot_keep), ((remove,),) if is_kept else ())
    about = (plan_text(support, plan), texts.note) if is_kept else (texts.about, texts.privacy)
    parts = paired([Button(texts.parts[part].button, SAFETY_PLAN.build("part", part)) for part in PARTS])
    step_by_step = (Button(labels.step_by_step, SAFETY_PLAN.build("guide")),)
    return marked(joined(lead, *about), (step_by_step, *parts, *((whole,) if is_kept else ())))


def part_question(
    support: Support, plan: Plan, part: str, start: str, *, is_guided: bool, lead: str = ""
) -> OutgoingMessage:
    """Asks for one part, and shows what it says now. `start` begins the data of each answer.

    Guided, it says which step it is, and it can be skipped.
    """
    texts, labels = support.card.plan, support.card.buttons
    of_part, said = texts.parts[part], plan.parts.get(part, "")
    name = of_part.name
    if is_guided:
        name = texts.step.format(number=GUIDED.index(part) + 1, count=len(GUIDED), name=name)
    text = joined(lead, bold(name), of_part.question, f"{texts.now}\n{said}" if said else "")
    go_on = Button(labels.leave if said else labels.skip, f"{start}{SKIP}")
    empty = [Button(labels.empty, f"{start}{EMPTY}")] if said else []
    stop = [Button(labels.stop, f"{start}{STOP}")] if is_guided else []
    return marked(text, paired([go_on, *empty, *stop]))


def remove_question(support: Support, token: str, step: str) -> OutgoingMessage:
    """Asks whether to remove the safety plan."""
    start, labels = question_start(token, step), support.card.buttons
    rows = ((Button(labels.remove_yes, f"{start}{YES}"),), (Button(labels.remove_no, f"{start}{NO}"),))
    return OutgoingMessage(support.card.plan.remove_question, rows)


def plan_alone(support: Support, plan: Plan) -> OutgoingMessage:
    """The plan as a message to send on, with nothing else in its text; the buttons copy one part each."""
    texts = support.card.plan.parts
    back = (Button(support.card.buttons.back, SAFETY_PLAN.build()),)
    copies = [Button(texts[part].button, copy=said) for part, said in plan.written() if units(said) <= MOST_COPIED]
    return marked(plan_text(support, plan), (*paired(copies), back))
