"""Faults that tests and the page set: refusals, broken servers, lost connections, delays, rate limits."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from localtelegram.answers import ApiAnswer, Json, Refusal, too_many_requests

FaultKind = Literal["refuse", "html", "lose_before", "lose_after", "delay"]
_HTML_502 = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


class ConnectionLost(Exception):  # noqa: N818 - it names what happened to the connection
    """The call got no answer. The caller cannot know whether it took effect."""


@dataclass(eq=False)
class Fault:
    """One fault for the calls that fit: for `times` of them, or until it is cleared."""

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int | None = None
    refusal: Refusal | None = None
    seconds: float = 0

    def fits(self, method: str, params: Json) -> bool:
        return (
            self.times != 0
            and self.method in (None, method)
            and (self.chat_id is None or str(params.get("chat_id")) == str(self.chat_id))
        )

    def use(self) -> None:
        if self.times is not None:
            self.times -= 1


@dataclass
class RateLimit:
    """How many messages, edits included, Telegram takes in all, in one chat and in one group."""

    per_second: int = 30
    per_second_when_paid: int = 1000
    per_chat_per_second: int = 1
    per_group_per_minute: int = 20
    retry_after: int | None = None  # None: until the oldest leaves the window


@dataclass
class Faults:
    """The faults that are set. `is_group` says whether a chat has the groups' limit by the minute."""

    clock: Callable[[], datetime]
    is_group: Callable[[str], bool]
    set_faults: list[Fault] = field(default_factory=list)
    limit: RateLimit | None = None
    _times: dict[object, deque[float]] = field(default_factory=dict)

    def refuse(
        self,
        status: int,
        description: str,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        times: int | None = None,
        **parameters: int,
    ) -> Fault:
        return self._add(Fault("refuse", method, chat_id, times, Refusal(status, description, **parameters)))

    def flood(
        self, retry_after: int, *, method: str | None = None, chat_id: int | None = None, times: int | None = 1
    ) -> Fault:
        return self._add(Fault("refuse", method, chat_id, times, too_many_requests(retry_after)))

    def block(self, chat_id: int) -> Fault:
        """Answers 403 for this chat until the fault is cleared; the person has not blocked the bot."""
        return self.refuse(403, "Forbidden: bot was blocked by the user", chat_id=chat_id)

    def break_server(
        self, *, as_html: bool = False, method: str | None = None, chat_id: int | None = None, times: int | None = 1
    ) -> Fault:
        """Answers with 500 as JSON, or with 502 as the HTML of a proxy."""
        if as_html:
            return self._add(Fault("html", method, chat_id, times))
        return self.refuse(500, "Internal Server Error: restart", method=method, chat_id=chat_id, times=times)

    def lose_connection(
        self, *, after: bool = False, method: str | None = None, chat_id: int | None = None, times: int | None = 1
    ) -> Fault:
        """Gives no answer. With `after` the call takes effect all the same."""
        return self._add(Fault("lose_after" if after else "lose_before", method, chat_id, times))

    def delay(
        self, seconds: float, *, method: str | None = None, chat_id: int | None = None, times: int | None = None
    ) -> Fault:
        """Waits before the call takes effect. `seconds` are real ones, whatever the clock says."""
        return self._add(Fault("delay", method, chat_id, times, seconds=seconds))

    def limit_rate(self, limit: RateLimit | None = None) -> None:
        """Keeps Telegram's own rate limits, or the given ones, until `no_limit`."""
        self.limit = limit or RateLimit()
        self._times.clear()

    def no_limit(self) -> None:
        self.limit = None

    def clear(self, fault: Fault | None = None) -> None:
        if fault is None:
            self.set_faults.clear()
            self.no_limit()
        elif fault in self.set_faults:
            self.set_faults.remove(fault)

    def _add(self, fault: Fault) -> Fault:
        self.set_faults.append(fault)
        return fault

    async def before(self, method: str, params: Json) -> ApiAnswer | None:
        """Applies the faults before a call. Returns an answer that replaces the call's own, or None.

        Raises Refusal or ConnectionLost where a fault or the rate limit says so.
        """
        for fault in [fault for fault in self.set_faults if fault.fits(method, params)]:
            if fault.kind == "lose_after":
                continue
            fault.use()
            if fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
            elif fault.kind == "html":
                return ApiAnswer(502, {}, html=_HTML_502)
            elif fault.kind == "lose_before":
                raise ConnectionLost(f"{method}: connection lost before it took effect")
            elif fault.refusal:
                raise fault.refusal
        self._keep_to_limit(method, params)
        return None

    def after(self, method: str, params: Json) -> None:
        for fault in self.set_faults:
            if fault.kind == "lose_after" and fault.fits(method, params):
                fault.use()
                raise ConnectionLost(f"{method}: connection lost after it took effect")

    def _keep_to_limit(self, method: str, params: Json) -> None:
        if self.limit is None or not _counts(method):
            return
        now, chat_id = self.clock().timestamp(), str(params.get("chat_id", ""))
        is_paid = str(params.get("allow_paid_broadcast", "")).lower() == "true"
        in_all = self.limit.per_second_when_paid if is_paid else self.limit.per_second
        windows: list[tuple[object, int, float]] = [("all", in_all, 1.0)]
        if self.is_group(chat_id):
            windows.append((("group", chat_id), self.limit.per_group_per_minute, 60.0))
        windows.append((("chat", chat_id), self.limit.per_chat_per_second, 1.0))
        waits = [wait for key, most, span in windows if (wait := self._wait(key, most, span, now))]
        if waits:
            raise too_many_requests(self.limit.retry_after or max(waits))
        for key, _, _ in windows:
            self._times.setdefault(key, deque()).append(now)

    def _wait(self, key: object, most: int, span: float, now: float) -> int:
        """Whole seconds until one more fits into the window; 0 where it fits now."""
        times = self._times.setdefault(key, deque())
        while times and not 0 <= now - times[0] < span:  # a clock set back makes the past a future
            times.popleft()
        return 0 if len(times) < most else max(1, -int(-(times[0] + span - now) // 1))


def _counts(method: str) -> bool:
    return method.startswith(("send", "editMessage"))
