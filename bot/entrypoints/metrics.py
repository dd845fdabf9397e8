"""The text of /metrics in Prometheus' format: counts only, no personal data. Called by `http_server`.

The outbox counts in plain integers, so that no use case imports Prometheus; a collector reads them on request
(https://prometheus.github.io/client_python/collector/custom/).
"""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.usecases.outbox import Counts


def metrics_text(counts: Counts, seconds_since_look: float) -> bytes:
    """Returns the metrics as text, encoded in UTF-8."""
    registry = CollectorRegistry()
    registry.register(_Counted(counts, seconds_since_look))
    return generate_latest(registry)


class _Counted(Collector):
    def __init__(self, counts: Counts, seconds_since_look: float) -> None:
        self._counts = counts
        self._seconds_since_look = seconds_since_look

    def collect(self) -> list[Metric]:
        messages = CounterMetricFamily("bot_messages", "Queued messages by what became of them", labels=["outcome"])
        for outcome in ("sent", "postponed", "skipped", "failed"):
            messages.add_metric([outcome], getattr(self._counts, outcome))
        look = GaugeMetricFamily(
            "bot_seconds_since_look", "Seconds since the program last asked what is due", self._seconds_since_look
        )
        return [messages, look]
