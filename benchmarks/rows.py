"""What was measured of one case, in the units of its part: a row of the table."""

from dataclasses import dataclass, field

from benchmarks.cases import Case


@dataclass(frozen=True)
class Row:
    case: Case
    figure: float | None
    """Rush: messages a second from due. Limit: seconds of the drain. Taps: p99, ms. Idle: seconds to ready."""
    cpu: float | None
    """Seconds for 1,000 messages; ms a tap; seconds in a minute. With its database server's, if it has one."""
    megabytes: float
    """Of the program's process: the peak, or, where it idles, what it holds then."""
    lost: int
    """Messages or answers that did not come."""
    repeated: int = 0
    refused: int = 0
    """How often Telegram answered 429."""
    p50: float | None = None
    """Taps: ms."""
    disturbed: float = 0.0
    """The share of the machine's busy time that was not this benchmark's: other programs, or the host."""
    server_share: float = 0.0
    """How much of its core the Bot API used: near 1 it would have been the bottleneck."""
    notes: tuple[str, ...] = field(default=())
    """What has to be known of this row."""
