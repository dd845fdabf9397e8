"""What holds for all sessions: wherever a person is, whenever they want quiet, whatever is skipped or moved."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.appointments import (
    Appointments,
    Event,
    Prompt,
    list_events,
    list_occurrences,
    list_skipped,
    next_event,
    next_occurrence,
    quiet_window,
)
from bot.domain.appointments.prompts import QUIET_AFTER, REST
from bot.domain.schedule import QuietHours, is_quiet
from tests.domain.appointments.plans import moments, persons, plans, zones

Person = tuple[ZoneInfo, QuietHours | None]
SEVEN_WEEKS, DAY, MINUTE = timedelta(days=49), timedelta(days=1), timedelta(minutes=1)


def messages(plan: Appointments, person: Person, since: datetime, *, long: timedelta = SEVEN_WEEKS) -> list[Event]:
    """Everything that says something; QUIET does not."""
    return [event for event in list_events(plan, *person, since, since + long) if event.prompt is not Prompt.QUIET]


def day_in(zone: ZoneInfo, at: datetime) -> date:
    return at.astimezone(zone).date()


@given(plans, persons, moments)
def test_nothing_is_said_in_quiet_hours_nor_in_a_session_nor_in_the_two_hours_after(
    plan: Appointments, person: Person, since: datetime
) -> None:
    sessions = list_occurrences(plan, since - 3 * DAY, since + SEVEN_WEEKS + 3 * DAY)
    for event in messages(plan, person, since):
        assert not is_quiet(event.at, zone=person[0], quiet=person[1])
        assert not any(session.starts_at <= event.at < session.ends_at + REST for session in sessions)


@given(plans, persons, moments)
def test_two_never_come_at_once_and_none_comes_twice(plan: Appointments, person: Person, since: datetime) -> None:
    said = messages(plan, person, since)
    assert all(later.at - earlier.at >= 30 * MINUTE for earlier, later in pairwise(said))
    assert len({(event.prompt, event.starts_at) for event in said}) == len(said)


@given(plans, persons, moments)
def test_each_comes_when_its_name_says(plan: Appointments, person: Person, since: datetime) -> None:
    zone, _ = person
    sessions = {session.starts_at: session for session in list_occurrences(plan, since - 40 * DAY, since + 90 * DAY)}
    for event in messages(plan, person, since):
        session = sessions[event.starts_at]  # of one that takes place
        gone = day_in(zone, event.at) - day_in(zone, event.starts_at)
        match event.prompt:
            case Prompt.DAY_BEFORE:
                assert gone == -DAY
            case Prompt.SHORTLY:
                assert 10 * MINUTE <= event.starts_at - event.at <= 30 * MINUTE
            case Prompt.EVENING:
                assert not gone
                assert event.at >= session.ends_at + REST
            case Prompt.MIDWEEK:
                assert all(
                    event.at >= other.ends_at + DAY or event.at <= other.starts_at - DAY for other in sessions.values()
                )
                assert not plan.is_holiday(day_in(zone, event.at))
            case Prompt.ENDING:
                assert plan.ends_on is not None
                assert session == max(sessions.values())
                assert event.at >= session.ends_at + REST


@given(plans, persons, moments)
def test_each_is_too_late_some_hours_later_and_never_the_next_day(
    plan: Appointments, person: Person, since: datetime
) -> None:
    for event in messages(plan, person, since):
        assert event.at < event.before <= event.at + (DAY if event.prompt is Prompt.ENDING else timedelta(hours=4))
        if event.prompt is not Prompt.ENDING:
            is_same_day = day_in(person[0], event.before - MINUTE) == day_in(person[0], event.at)
            assert is_same_day or event.prompt is Prompt.SHORTLY
            assert not is_quiet(event.before - MINUTE, zone=person[0], quiet=person[1])


@given(plans, persons, moments)
def test_asked_for_one_after_another_they_are_the_same(plan: Appointments, person: Person, since: datetime) -> None:
    walked, at = [], since
    while (event := next_event(plan, *person, at)) and event.at <= since + SEVEN_WEEKS:
        walked += [other for other in list_events(plan, *person, at, event.at) if other.at == event.at]
        at = event.at
    assert walked == list_events(plan, *person, since, since + SEVEN_WEEKS)


@given(plans, persons, moments, st.sampled_from(list(Prompt)))
def test_what_was_not_chosen_does_not_come(plan: Appointments, person: Person, since: datetime, prompt: Prompt) -> None:
    without = plan.with_prompt(prompt, is_chosen=False).with_end(None)
    said = list_events(without, *person, since, since + SEVEN_WEEKS)
    assert prompt not in {event.prompt for event in said}
    assert [
        event
        for event in list_events(plan.with_end(None), *person, since, since + SEVEN_WEEKS)
        if event.prompt is not prompt
    ] == said


@given(plans, zones, persons, moments)
def test_travelling_moves_no_session(plan: Appointments, zone: str, person: Person, since: datetime) -> None:
    """The session stays where it was agreed: only what is said around it follows the person."""
    there = list_events(plan, ZoneInfo(zone), None, since, since + SEVEN_WEEKS)
    here = list_events(plan, *person, since, since + SEVEN_WEEKS)
    quiet = [[event for event in events if event.prompt is Prompt.QUIET] for events in (there, here)]
    assert quiet[0] == quiet[1]


@given(plans, persons, moments)
def test_a_skipped_session_is_as_if_it_were_not(plan: Appointments, person: Person, since: datetime) -> None:
    session = next_occurrence(plan, since)
    if session is None:
        return
    skipped = plan.with_skipped(session.index, session.day)
    assert session not in list_occurrences(skipped, session.starts_at, session.ends_at)
    assert session.starts_at not in {event.starts_at for event in messages(skipped, person, since - DAY)} or (
        session.starts_at in {other.starts_at for other in list_occurrences(skipped, since, session.ends_at)}
    )
    if session.starts_at < since + timedelta(days=50):
        assert session in list_skipped(skipped, since)
    assert next_occurrence(skipped.brought_back(session.index, session.day), since) == session


@given(plans, moments)
def test_a_holiday_has_no_session_and_the_day_of_return_may(plan: Appointments, since: datetime) -> None:
    for session in list_occurrences(plan, since, since + SEVEN_WEEKS):
        appointment = plan.appointments[session.index]
        is_moved = session.day in {move.day for move in appointment.moved}
        assert is_moved or not plan.is_holiday(session.day)
        assert session.day not in appointment.skipped
        assert plan.ends_on is None or session.starts_at.astimezone(ZoneInfo(appointment.zone)).date() <= plan.ends_on


@given(plans, moments)
def test_ordinary_messages_wait_from_its_beginning_until_three_hours_after_it(
    plan: Appointments, since: datetime
) -> None:
    for session in list_occurrences(plan, since, since + SEVEN_WEEKS)[:3]:
        for at in (session.starts_at, session.ends_at, session.ends_at + QUIET_AFTER - MINUTE):
            until = quiet_window(plan, at)
            assert until is not None
            assert until >= session.ends_at + QUIET_AFTER
        assert quiet_window(plan.with_prompt(Prompt.QUIET, is_chosen=False), session.starts_at) is None


@given(plans)
def test_what_is_stored_is_read_as_it_was(plan: Appointments) -> None:
    assert Appointments.from_stored(plan.to_json()) == plan
