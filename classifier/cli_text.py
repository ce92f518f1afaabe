"""How the commands that read many postings speak to a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from classifier.cli_assessment import one_line
from classifier.model_card import format_interval

if TYPE_CHECKING:
    from classifier.scan import Progress, Summary


@contextmanager
def scan_progress() -> Iterator[Callable[[Progress], None]]:
    """A line on a terminal that shows how far a scan got, how fast it goes and how long it will still take."""
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,} postings"),
        TextColumn("{task.fields[rate]} postings/s"),
        TextColumn("{task.fields[rejected]:,} rejected"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scan", total=None, rejected=0, rate="–", left="")
        pace = Pace()

        def show(progress: Progress) -> None:
            rate, seconds = pace.of(progress, bar.tasks[0].elapsed or 0.0)
            left = "" if seconds is None else f"{timedelta(seconds=round(seconds))} left"
            bar.update(
                task, completed=progress.postings, rejected=progress.rejected, rate=f"{rate:,.0f}" if rate else "–", left=left
            )

        yield show


class Pace:
    """Rate and time left of a scan, counted from the first progress it is told of: a resumed scan does not start at nothing."""

    def __init__(self) -> None:
        self._first: tuple[Progress, float] | None = None

    def of(self, progress: Progress, elapsed: float) -> tuple[float | None, float | None]:
        """Postings a second and seconds left, each None while it is not known; `elapsed` in seconds since the start."""
        first, since = self._first = self._first or (progress, elapsed)
        seconds = elapsed - since
        if seconds <= 0:
            return None, None
        rate = (progress.postings - first.postings) / seconds
        if progress.share is None or first.share is None or progress.share <= first.share:
            return rate, None
        return rate, seconds * (1 - progress.share) / (progress.share - first.share)


def print_summary(summary: Summary, output: Path) -> None:
    """Counts, and the riskiest postings."""
    console = Console(highlight=False, soft_wrap=True)
    bands = ", ".join(f"{summary.bands[band]} {band}" for band in ("high", "review", "low"))
    console.print(f"{summary.postings} postings: {bands}; {summary.campaigns} campaigns; {summary.rejected} rejected")
    for name in ("labels", "languages", "sources"):
        counts = getattr(summary, name).most_common(8)
        console.print(f"{name}: " + ", ".join(f"{Text(value).plain} {n}" for value, n in counts), markup=False)
    for row in summary.top:
        text = row["title"] or (row["reasons"][0]["quote"] if row["reasons"] else row["id"])
        console.print(f"{row['risk']:6.1%} {row['band']:6} {row['label']:13} {one_line(text)}", markup=False)
    console.print(f"written to {output}", markup=False)


def print_evaluation(result: Mapping[str, Any], title: str) -> None:
    """Figures with their intervals, by language, and the confusion between labels."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    table = Table(title=title, title_justify="left")
    for column in ("", "postings", "risky"):
        table.add_column(column)
    names = ("average_precision", "roc_auc", "recall_review", "false_alarms_review", "recall_high", "false_alarms_high")
    for name in names:
        table.add_column(name.replace("_", " "))
    total = {**result, "risky": result["postings"] - result["labels"]["legit"]}
    for code, figures in {"all": total, **result["language"]}.items():
        cells = [format_interval(figures["metrics"][name]) for name in names]
        table.add_row(code, str(figures["postings"]), str(figures["risky"]), *cells)
    console.print(table)
    if "situation" in result:
        _print_situations(console, result["situation"])
    if "comparison" in result:
        _print_comparison(console, result["comparison"])
    for truth, row in result["confusion"].items():
        console.print(f"{truth}: " + ", ".join(f"{n} called {label}" for label, n in row.items()))


def _print_situations(console: Console, situations: Mapping[str, Any]) -> None:
    """The kinds of posting on which the model errs most at `review`."""
    missed = sorted(
        (
            (name, f["risky"] * (1 - f["metrics"]["recall_review"]["value"]), f["risky"])
            for name, f in situations.items()
            if f["risky"]
        ),
        key=lambda row: -row[1],
    )
    alarms = sorted(
        (
            (name, (f["postings"] - f["risky"]) * f["metrics"]["false_alarms_review"]["value"], f["postings"] - f["risky"])
            for name, f in situations.items()
            if f["postings"] > f["risky"]
        ),
        key=lambda row: -row[1],
    )
    for title, rows in (("most missed", missed), ("most false alarms", alarms)):
        worst = ", ".join(f"{name} {round(n)} of {of}" for name, n, of in rows[:8] if round(n))
        console.print(f"{title}: {worst or 'none'}", markup=False)


def _print_comparison(console: Console, comparison: Mapping[str, Any]) -> None:
    """Differences between two models on the same postings."""
    console.print(f"model {comparison['second']} minus model {comparison['first']}, paired:", markup=False)
    for name in ("average_precision", "recall_review", "false_alarms_review"):
        console.print(f"  {name.replace('_', ' ')}: {format_interval(comparison[name])}", markup=False)
    right = comparison["right_by_second_only"], comparison["right_by_first_only"]
    console.print(
        f"  right where the other is wrong: {right[0]} against {right[1]}, McNemar p = {comparison['p_value']:.3f}", markup=False
    )
