"""Checks flows beyond their form: every step is reachable, leads to END and is safe. Called by `load`."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from bot.content.documents import Document, Finding, Place
from bot.content.flows import END, Flow, Flows, Step


def check_flows(
    flows: Flows, documents: Mapping[str, Document], breath_words: Iterable[str], pictures: Collection[str]
) -> Iterator[Finding]:
    """Yields all that is wrong between the steps of each flow, and between flows.

    `breath_words` are the words by which a first step is recognized as breathing; `uploads` are file names.
    """
    for name, flow in flows.items():
        find = documents[name].finding
        dangling = list(_dangling(flow, flows, pictures, find))
        yield from dangling
        if not dangling:  # the other rules need steps that exist
            yield from _lost(flow, find)
            yield from _unending(name, flow, flows, find)
            yield from _unkind(flow, flows, list(breath_words), find)


Find = Callable[[Place, str, str], Finding]


def _dangling(flow: Flow, flows: Flows, pictures: Collection[str], find: Find) -> Iterator[Finding]:
    steps = ", ".join(flow.steps)
    if END in flow.steps:
        yield find(("steps", END), "is the name of the end, not of a step", "Give the step another name")
    if flow.first not in flow.steps:
        yield find(("first",), f"names a step {flow.first} that is not here", f"Name one of: {steps}")
    for name, step in flow.steps.items():
        for place, target in _ways(name, step):
            if target != END and target not in flow.steps:
                yield find(place, f"leads to a step {target} that is not here", f"Name one of: {steps}, END")
        if step.call and step.call not in flows:
            problem = f"calls a flow {step.call} that is not here"
            yield find(("steps", name, "call"), problem, "Name a file of flows/, without .yaml")
        if step.picture and step.picture not in pictures:
            problem = f"shows {step.picture}, which is not in pictures/"
            yield find(("steps", name, "picture"), problem, "Put the file there, or name another")


def _ways(name: str, step: Step) -> Iterator[tuple[Place, str]]:
    if step.next:
        yield ("steps", name, "next"), step.next
    for index, choice in enumerate(step.buttons):
        for target in choice.next:
            yield ("steps", name, "buttons", index, "next"), target


def _lost(flow: Flow, find: Find) -> Iterator[Finding]:
    ways = {name: set(step.targets) for name, step in flow.steps.items()}
    reached = _spread({flow.first}, ways)
    back: dict[str, set[str]] = {}
    for name, targets in ways.items():
        for target in targets:
            back.setdefault(target, set()).add(name)
    ending = _spread({END}, back)
    for name in flow.steps:
        if name not in reached:
            yield find(("steps", name), "cannot be reached from the first step", "Lead to it, or take it out")
        elif name not in ending:
            yield find(("steps", name), "can never reach END", "Let some way from here lead on to END")


def _spread(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    """Returns all names that can be reached from the start, itself included."""
    reached, waiting = set(start), list(start)
    while waiting:
        new = ways.get(waiting.pop(), set()) - reached
        reached |= new
        waiting.extend(new)
    return reached


def _unending(name: str, flow: Flow, flows: Flows, find: Find) -> Iterator[Finding]:
    calls = {caller: {step.call for step in other.steps.values() if step.call} for caller, other in flows.items()}
    if name in _spread(calls[name], calls):
        place: Place = next(("steps", step_name, "call") for step_name, step in flow.steps.items() if step.call)
        yield find(place, "leads back into this flow by calls, without an end", "Take one of the calls out")
        return
    at_once = {
        step_name: {step.next}
        for step_name, step in flow.steps.items()
        if step.next and step.is_passed_through and (not step.call or _is_passed_through(flows, step.call))
    }
    for step_name in flow.steps:
        if step_name in _spread(at_once.get(step_name, set()), at_once):
            yield find(
                ("steps", step_name), "comes round to itself with no wait and no choice", "Add a wait or buttons"
            )
            return


def _is_passed_through(flows: Flows, name: str) -> bool:
    """Whether a called flow reaches its end without waiting for a person or for time to pass."""
    flow = flows.get(name)
    here, seen = (flow.first if flow else END), set()
    while flow and here != END and here not in seen:
        seen.add(here)
        step = flow.steps.get(here)
        if step is None or not step.is_passed_through or step.call or step.next is None:
            return False
        here = step.next
    return True


def _unkind(flow: Flow, flows: Flows, breath_words: list[str], find: Find) -> Iterator[Finding]:
    first = flow.steps[flow.first]
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, breath_words))})\b", re.IGNORECASE)
    if first.breath or any(pattern.search(text) for text in first.say):
        yield find(
            ("steps", flow.first), "opens the flow with breathing", "Begin outside, and offer breath as a choice"
        )
    if flow.in_groups:
        for name, step in flow.steps.items():
            if step.collect:
                yield find(("steps", name), "collects words in a group, in the open", "Ask nothing, or drop in_groups")
            called = flows.get(step.call or "")
            if called and not called.in_groups:
                yield find(
                    ("steps", name, "call"), f"calls {step.call}, which is not for groups", "Call one with in_groups"
                )
