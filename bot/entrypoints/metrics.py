"""The text of /metrics in Prometheus' format: counts only, nothing about anyone. Called by `http_server`.

The program counts in plain integers, so that no use case imports Prometheus; a collector reads them on request
(https://prometheus.github.io/client_python/collector/custom/).
"""

import platform
from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.database.engine import NEWEST_REVISION
from bot.domain.histogram import Histogram
from bot.entrypoints.vitals import Vitals
from bot.paths import version
from bot.usecases.vitals import Figures


async def metrics_text(vitals: Vitals) -> bytes:
    """Returns the metrics as text, encoded in UTF-8."""
    return await metrics_text_of_several({"": vitals})


async def metrics_text_of_several(bots: Mapping[str, Vitals]) -> bytes:
    """Returns the metrics of several bots by name, which is a label of each figure: `bot`."""
    registry = CollectorRegistry()
    registry.register(_Several({name: _Counted(vitals, await vitals.figures.get()) for name, vitals in bots.items()}))
    return generate_latest(registry)


class _Several(Collector):
    def __init__(self, bots: Mapping[str, Collector]) -> None:
        self._bots = bots

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for name, figures in self._bots.items():
            for family in figures.collect():
                label = {"bot": name} if name else {}
                samples = [sample._replace(labels=label | sample.labels) for sample in family.samples]
                if family.name in families:
                    families[family.name].samples += samples
                else:
                    families[family.name], family.samples = family, samples
        return families.values()


class _Counted(Collector):
    def __init__(self, vitals: Vitals, figures: Figures | None) -> None:
        self._vitals = vitals
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        yield from self._of_this_process()
        yield _gauge(
            "bot_database_up",
            "1 while the database can be read; without it the figures of it are left out",
            1.0 if self._figures else 0.0,
        )
        if self._figures:
            yield from self._of_the_database(self._figures)

    def _of_this_process(self) -> Iterable[Metric]:
        vitals, counts, calls = self._vitals, self._vitals.outbox.counts, self._vitals.calls
        build = GaugeMetricFamily(
            "bot_build_info", "What is running; always 1", labels=["version", "python", "revision"]
        )
        build.add_metric([version(), platform.python_version(), NEWEST_REVISION], 1)
        yield build
        sent = {name: getattr(counts, name) for name in ("sent", "postponed", "skipped", "failed")}
        yield _counter("bot_messages", "Queued messages by what became of them", "outcome", sent)
        yield _histogram(
            "bot_lateness_seconds",
            "From when a message might be sent until Telegram had taken it",
            vitals.outbox.lateness,
        )
        results = {"ok": calls.ok, "refused": calls.refused, "limited": calls.limited, "lost": calls.lost}
        yield _counter("bot_telegram_calls", "Calls to Telegram by their result; limited is 429", "result", results)
        yield _histogram("bot_telegram_call_seconds", "From a call to Telegram to its answer", calls.seconds)
        yield CounterMetricFamily(
            "bot_replies_retried", "Replies sent again after no answer or 429", vitals.pacer.retried
        )
        yield _histogram(
            "bot_reply_seconds", "From the arrival of an update until it was handled", vitals.update_queue.reply_seconds
        )
        yield _gauge(
            "bot_updates_waiting", "Updates that are being handled or wait for their turn", vitals.update_queue.waiting
        )
        yield _gauge(
            "bot_leads", "1 in the process that sends reminders, 0 in the others", float(vitals.scheduler.leads)
        )
        if looked_at := vitals.scheduler.looked_at:
            yield _gauge(
                "bot_last_look_timestamp_seconds",
                "When it last asked what is due, without an error",
                looked_at.timestamp(),
            )

    def _of_the_database(self, figures: Figures) -> Iterable[Metric]:
        queue = {"due": figures.due, "later": figures.later, "sending": figures.sending}
        yield _gauges(
            "bot_queue_messages", "Queued messages: may go now, wait for their time, are on their way", "state", queue
        )
        yield _gauge(
            "bot_overdue_reminders", "Reminders whose time has come, and that are not queued yet", figures.overdue
        )
        yield _gauge(
            "bot_oldest_due_seconds",
            "For how long the oldest message or reminder that is due has waited",
            figures.oldest_seconds(self._vitals.clock()),
        )
        yield _gauge(
            "bot_drain_seconds",
            "How long it takes to send what is due, as many in a second as are allowed",
            (figures.due + figures.overdue) / self._vitals.per_second,
        )
        yield _gauges(
            "bot_set_aside_rows",
            "Rows that failed again and again",
            "work",
            figures.set_aside,
        )
        yield _gauges("bot_resting_chats", "Chats that get nothing, by the reason", "reason", figures.resting)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def _gauges(name: str, text: str, label: str, values: Mapping[Any, int]) -> Metric:  # Any: kinds, as text
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def _counter(name: str, text: str, label: str, values: Mapping[Any, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def _histogram(name: str, text: str, histogram: Histogram) -> Metric:
    return HistogramMetricFamily(name, text, buckets=histogram.cumulative(), sum_value=histogram.total)
