"""The command `classifier`: assess, scan, train, evaluate, serve, reviews."""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from classifier.cli_labelled import label_options, pairs, read_data, reviewed, say
from classifier.cli_store import store_option, store_url
from classifier.errors import ClassifierError, ModelError
from classifier.schema import Language, Posting

if TYPE_CHECKING:
    from classifier.labelled import LabelledPosting
    from classifier.model import RiskModel

MODEL_HELP = "Model folder; else CLASSIFIER_MODEL, else the default model."
model_option = click.option("--model", metavar="MODEL_DIR", envvar="CLASSIFIER_MODEL", help=MODEL_HELP)
prevalence_option = click.option(
    "--prevalence",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Share of risky ads in the feed; corrects the risk.",
)
lang_option = click.option("--lang", type=click.Choice(get_args(Language)), default="en", help="Language of the answer.")


class _Commands(click.Group):
    """Ends with one line on standard error and exit code 2 for every error that the program knows."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "reviews"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "reviews":
            return super().get_command(ctx, cmd_name)
        from classifier.cli_reviews import reviews  # as rarely used as what it imports

        return reviews

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ClassifierError as e:
            say(f"error: {e}")
            ctx.exit(2)
        except BrokenPipeError:
            ctx.exit(0)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="job-ad-risk-classifier")
def main() -> None:
    """Says of job ads how much they look like the bait of an online-scam compound, or another job scam, and why."""


@main.command()
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the assessment as JSON.")
@lang_option
@model_option
def assess(text: str | None, as_json: bool, lang: Language, model: str | None) -> None:
    """Assess one ad, given as TEXT or on standard input (-).

    Example: classifier assess "Butuh CS online di Kamboja, gaji 15 juta, tiket ditanggung, tele @hrd_contoh"
    """
    if text is None or text == "-":
        text = _standard_input()
    gc.disable()  # starting makes no garbage that is worth the time
    try:
        from classifier.advice import advice_for
        from classifier.cli_assessment import print_assessment
        from classifier.default_model import load_model

        posting = Posting(description=text)
        assessment = load_model(model, say).assess([posting], language=lang)[0]
        if as_json:
            click.echo(json.dumps(assessment.to_dict(), ensure_ascii=False, indent=2))
        else:
            print_assessment(assessment, lang, advice_for(posting, assessment, lang))
    finally:
        gc.freeze()  # nothing of this start is worth looking at when it ends
        gc.enable()


def _standard_input() -> str:
    raw = sys.stdin.buffer.read()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise ClassifierError(f"standard input: is not valid UTF-8 (byte {e.start})") from e


@main.command()
@click.argument("feeds", nargs=-1, required=True, metavar="FEED...")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), metavar="FILE.{jsonl,csv,parquet}")
@click.option("--format", help="Format of the feeds; found from the content when not given.")
@click.option("--explain", type=click.Choice(["flagged", "all", "none"]), default="flagged", help="Which rows get reasons.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes.")
@click.option("--resume", is_flag=True, help="Go on with a scan that was stopped.")
@click.option(
    "--seen", type=click.Path(path_type=Path), metavar="FILE", help="Pass over postings of earlier scans; keys are kept here."
)
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE.html", help="Write a page to look at.")
@click.option("--queue", is_flag=True, help="Put the flagged postings before the reviewers (the service's page /queue).")
@store_option
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler; a local cluster of two processes when not given.")
@lang_option
@prevalence_option
@model_option
@click.pass_context
def scan(ctx: click.Context, /, feeds: tuple[str, ...], output: Path, model: str | None, **given: Any) -> None:
    """Assess every posting of one or more feeds (files, folders, globs, - for standard input) into a ranked file.

    Rows that cannot be read go to FILE.rejected.jsonl with file, line and cause; the exit code is then 1.

    Example: classifier scan feed.csv --output ranked.jsonl --report ranked.html
    """
    from classifier.cli_text import print_summary, scan_progress
    from classifier.default_model import load_model
    from classifier.scan import How, rejected_path
    from classifier.scan import scan as run
    from classifier.scan_chunk import ScanOptions

    loaded = load_model(model, say)
    if given["prevalence"]:
        loaded = loaded.with_prevalence(given["prevalence"])
    options = ScanOptions(given["format"], given["explain"], given["lang"])
    how = How(given["jobs"], given["engine"], given["scheduler"], given["resume"])
    try:
        with scan_progress() as on_progress:
            beside = {
                "seen": given["seen"],
                "report": given["report"],
                "queue": store_url(given["store"]) if given["queue"] else None,
            }
            summary = run(feeds, output, loaded, options, how, **beside, on_progress=on_progress)
    except KeyboardInterrupt:
        say(f"stopped; go on with the same command and --resume: classifier scan {' '.join(feeds)} --output {output} --resume")
        ctx.exit(2)
    print_summary(summary, output)
    if summary.rejected:
        say(f"{summary.rejected} rows were rejected, see {rejected_path(output)}")
        ctx.exit(1 if summary.postings else 2)


@main.command()
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), metavar="MODEL_DIR")
@click.option("--reviews", "reviews_url", metavar="URL", help="Train on reviewers' verdicts too: a file or postgresql://….")
@click.option("--max-false-alarms", multiple=True, metavar="BAND=SHARE", help="Legit share that review or high may flag.")
@label_options
@click.pass_context
def train(ctx: click.Context, /, data: tuple[str, ...], output: Path, reviews_url: str | None, **given: Any) -> None:
    """Train a model on labelled postings and write its folder.

    Example: classifier train data/postings/*.jsonl --output my-model
    """
    from classifier.bands import MAX_FALSE_ALARMS
    from classifier.cli_text import print_evaluation
    from classifier.training import TrainingOptions
    from classifier.training import train as run

    budgets = {**MAX_FALSE_ALARMS, **{k: float(v) for k, v in pairs(given["max_false_alarms"], "--max-false-alarms").items()}}
    if not budgets.keys() <= MAX_FALSE_ALARMS.keys() or not all(0 < share < 1 for share in budgets.values()):
        raise click.UsageError("--max-false-alarms takes review=SHARE or high=SHARE, a share between 0 and 1")
    options = TrainingOptions(max_false_alarms=tuple(budgets.items()))
    rows = read_data(data, given, ctx)
    if reviews_url:
        rows += reviewed(reviews_url)
    model = run(rows, options, progress=say).save(output)
    part = "test" if model.metadata["test"] else "validation"
    print_evaluation(model.metadata[part], f"{part} part of the training data")
    click.echo(f"model {model.version} written to {output}")


@main.command()
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
@click.option("--against", metavar="MODEL_DIR", help="Compare with this model on the same postings.")
@click.option("--seen", is_flag=True, help="Report also on postings whose group the model was trained on.")
@label_options
@model_option
@click.pass_context
def evaluate(
    ctx: click.Context, /, data: tuple[str, ...], as_json: bool, against: str | None, seen: bool, model: str | None, **given: Any
) -> None:
    """Measure a model on labelled postings that it was not trained on.

    Example: classifier evaluate data/postings/*.jsonl
    """
    from classifier.cli_text import print_evaluation
    from classifier.default_model import load_model
    from classifier.evaluation import evaluate_probabilities
    from classifier.labelled import group_key

    rows = read_data(data, given, ctx)
    loaded = load_model(model, say)
    known = set(loaded.metadata.get("training_groups", ()))
    unseen = [row for row in rows if group_key(row.group) not in known]
    if not seen:
        if not unseen:
            raise ModelError("evaluate", "the model was trained on every group in this data; --seen reports on them all the same")
        if len(unseen) < len(rows):
            say(f"{len(rows) - len(unseen)} postings left out: their groups were in the model's training data (--seen keeps them)")
        rows = unseen
    result = evaluate_probabilities(
        [row.label for row in rows],
        loaded.probabilities([row.posting for row in rows]),
        [row.group for row in rows],
        loaded.thresholds,
        {"language": [row.language for row in rows], "situation": [row.situation or "(none)" for row in rows]},
    )
    if against:
        result["comparison"] = _comparison(rows, loaded, load_model(against, say))
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        print_evaluation(result, f"{len(rows)} postings, model {loaded.version}")


def _comparison(rows: list[LabelledPosting], model: RiskModel, other: RiskModel) -> dict[str, Any]:
    """The model against another one on the same postings, which neither may have seen."""
    from classifier.evaluation import compare
    from classifier.labelled import group_key

    known = set(other.metadata.get("training_groups", ()))
    if any(group_key(row.group) in known for row in rows):
        say("warning: the other model was trained on some of these postings; the comparison favours it")
    postings = [row.posting for row in rows]
    first, second = ((1 - m.probabilities(postings)[:, 0], m.thresholds["review"]) for m in (other, model))
    result = compare([row.label for row in rows], [row.group for row in rows], first, second)
    return {"first": other.version, "second": model.version, **result}


@main.command()
@click.option("--host", help="Address to listen on; else CLASSIFIER_HOST, else 127.0.0.1.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes; they share the model's memory."
)
@model_option
def serve(host: str | None, port: int, workers: int, model: str | None) -> None:
    """Serve the scoring API and the page.

    Example: classifier serve --port 8000
    """
    from classifier.default_model import load_model
    from classifier.server import run
    from classifier.settings import Settings

    settings = Settings.from_env()
    settings = replace(settings, model=model or settings.model, host=host or settings.host)
    settings.check_doors()
    load_model(settings.model or None, say)  # trains the default model once, with its steps told
    run(settings, settings.host, port, workers)


if __name__ == "__main__":
    main()
