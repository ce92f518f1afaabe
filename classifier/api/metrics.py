"""What Prometheus is told: requests, refusals, risks, bands, languages, the model in use. Nothing of an ad's text.

With several workers, `classifier.server` sets PROMETHEUS_MULTIPROC_DIR before this module is imported; each worker then writes to
files in that folder, and whichever answers `/metrics` sums them up.
"""

from __future__ import annotations

import os
from collections import Counter as Counts
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector

from classifier.schema import Assessment

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
REGISTRY = CollectorRegistry()
_LANGUAGES = frozenset(
    "am ar bn de en es fil fr hi id ja ka km ko lo ms my ne nl pt ru si sw ta te th tl tr uk und ur vi zh".split()
)
"""The others are counted together, for a posting may name any."""
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_RISKS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1)

REQUESTS = Counter("classifier_requests", "Requests answered.", ["route", "status"], registry=REGISTRY)
SECONDS = Histogram("classifier_request_seconds", "Time to answer.", ["route"], buckets=_SECONDS, registry=REGISTRY)
REFUSED = Counter("classifier_refused", "Requests and lines that were refused.", ["cause"], registry=REGISTRY)
RISK = Histogram("classifier_risk", "Risk of the postings assessed.", buckets=_RISKS, registry=REGISTRY)
ASSESSED = Counter("classifier_assessed", "Postings assessed.", ["band", "language"], registry=REGISTRY)
REVIEWS = Counter("classifier_reviews", "Reviews taken.", ["verdict"], registry=REGISTRY)
RELOADS = Counter("classifier_model_reloads", "Attempts to load a new model.", ["outcome"], registry=REGISTRY)
MODEL = Gauge("classifier_model_info", "1 for the model in use.", ["version"], multiprocess_mode="livemax", registry=REGISTRY)
if FOLDER_VARIABLE not in os.environ:
    ProcessCollector(registry=REGISTRY)

CAUSES = {
    400: "malformed",
    401: "no_key",
    403: "role",
    413: "too_large",
    415: "media_type",
    422: "invalid",
    429: "rate",
    503: "not_ready",
}


class Tally:
    """What one request did, for its log line and the metrics."""

    __slots__ = ("bands", "refused_lines")

    def __init__(self) -> None:
        self.bands: Counts[str] = Counts()
        self.refused_lines = 0

    def add(self, assessments: Iterable[Assessment]) -> None:
        for assessment in assessments:
            self.bands[assessment.band] += 1
            RISK.observe(assessment.risk)
            language = assessment.language if assessment.language in _LANGUAGES else "other"
            ASSESSED.labels(assessment.band, language).inc()

    def refuse_line(self, status: int) -> None:
        self.refused_lines += 1
        REFUSED.labels(f"line_{CAUSES.get(status, 'other')}").inc()


def count_request(route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    if status >= 400:
        REFUSED.labels(CAUSES.get(status, "other")).inc()


def count_model(version: str, before: str | None) -> None:
    if before and before != version:
        MODEL.labels(before).set(0)
    MODEL.labels(version).set(1)


def exposition() -> bytes:
    """All metrics in Prometheus's text format, of all workers."""
    if FOLDER_VARIABLE not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types
    return generate_latest(registry)
