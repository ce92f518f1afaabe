"""Features, probabilities and reasons beside other tools: the same texts, one core, in turns; a table in Markdown.

Run: python -m tests.benchmarks.speed [--rounds 5] [--output speed.md]. fastText, Vowpal Wabbit and xxhash come with the extra
`bench`, bogofilter from Debian's package; what is missing is named and left out.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

import joblib
import orjson

from classifier import Posting, load_model
from classifier.labelled import corpus_files, read_labelled
from classifier.schema import joined_text
from tests.benchmarks.features import PEERS as FEATURES
from tests.benchmarks.features import texts_of
from tests.benchmarks.scan import plain_pipelines, real_feed_of

Run = Callable[[Sequence[str]], object]
OURS = ("HashedNgrams (ours)", "our probabilities", "our reasons, all")


def kinds_of_text() -> dict[str, list[str]]:
    """Chat ads, board ads and pages, in scripts with and without spaces, and real board ads where there are some."""
    kinds = {
        f"{name}, {script}": texts_of(characters, script == "Latin", count)
        for name, characters, count in (
            ("chat ads of 0.3 kB", 300, 2000),
            ("board ads of 1.5 kB", 1500, 500),
            ("pages of 8 kB", 8000, 100),
        )
        for script in ("Latin", "not Latin")
    }
    real = [str(record["description"]) for record in real_feed_of(500, 1500)]
    return kinds | ({"real board ads of 1.5 kB": real} if real else {})


def limits() -> dict[str, Run]:
    """What no tool can do without."""
    found: dict[str, Run] = {
        "orjson: write and parse": lambda texts: [orjson.loads(orjson.dumps({"text": text})) for text in texts]
    }
    try:
        import xxhash
    except ImportError:
        return missing(found, "xxhash")
    return found | {"xxhash of the bytes": lambda texts: [xxhash.xxh64_intdigest(text.encode()) for text in texts]}


def probabilities(folder: Path) -> dict[str, Run]:
    """Texts to a probability; all trained on the corpus."""
    model = load_model()
    found: dict[str, Run] = {
        "our probabilities": lambda texts: model.probabilities([Posting(description=text) for text in texts]),
        "our reasons, all": lambda texts: model.assess([Posting(description=text) for text in texts]),
    }
    found |= {name: joblib.load(path).predict_proba for name, path in plain_pipelines(folder).items()}
    rows = read_labelled(corpus_files())[0]
    texts, risky = [one_line(joined_text(row.posting)) for row in rows], [row.label != "legit" for row in rows]
    return found | fasttext_models(folder, texts, risky) | vowpal_wabbit(texts, risky) | bogofilter(folder, texts, risky)


def fasttext_models(folder: Path, texts: Sequence[str], risky: Sequence[bool]) -> dict[str, Run]:
    """fastText on the same n-grams as the plain pipeline, and on words alone."""
    try:
        import fasttext
    except ImportError:
        return missing({}, "fastText")
    data = folder / "fasttext.txt"
    data.write_text("".join(f"__label__{int(r)} {t}\n" for t, r in zip(texts, risky, strict=True)), "utf-8")
    found: dict[str, Run] = {}
    for name, options in {"words 1-2, characters 3-5": {"minn": 3, "maxn": 5}, "words 1-2": {"maxn": 0}}.items():
        model = fasttext.train_supervised(str(data), wordNgrams=2, epoch=5, thread=1, verbose=0, **options)
        found[f"fastText, {name}"] = lambda texts, model=model: [model.f.predict(one_line(t), 2, 0.0, "strict") for t in texts]
    return found


def vowpal_wabbit(texts: Sequence[str], risky: Sequence[bool]) -> dict[str, Run]:
    """Vowpal Wabbit on words 1-2."""
    try:
        import vowpalwabbit
    except ImportError:
        return missing({}, "Vowpal Wabbit")
    model = vowpalwabbit.Workspace("--quiet --loss_function logistic --link logistic --ngram 2 -b 22")
    plain = str.maketrans("|:", "  ")
    for text, label in zip(texts, risky, strict=True):
        model.learn(f"{1 if label else -1} | {text.translate(plain)}")
    return {"Vowpal Wabbit, words 1-2": lambda texts: [model.predict(f"| {one_line(t).translate(plain)}") for t in texts]}


def bogofilter(folder: Path, texts: Sequence[str], risky: Sequence[bool]) -> dict[str, Run]:
    """bogofilter's Bayes on words, which reads each text from a file of its own."""
    if not shutil.which("bogofilter"):
        return missing({}, "bogofilter")
    filter_ = Bogofilter(folder / "bogofilter", folder / "messages")
    filter_.words.mkdir()
    for option, label in (("-s", True), ("-n", False)):
        filter_.prepare([text for text, r in zip(texts, risky, strict=True) if r == label])
        filter_.run(option)
    return {"bogofilter": filter_}


@dataclass(frozen=True)
class Bogofilter:
    """bogofilter with its lists of `words`, and the folder of the `messages` that it is to read."""

    words: Path
    messages: Path

    def prepare(self, texts: Sequence[str]) -> None:
        shutil.rmtree(self.messages, ignore_errors=True)
        self.messages.mkdir()
        for number, text in enumerate(texts):
            message = f"Subject: ad\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
            (self.messages / f"{number:06}").write_text(message, "utf-8")

    def run(self, option: str) -> str:
        command = ["bogofilter", "-d", str(self.words), option, "-b"]
        names = "\n".join(map(str, sorted(self.messages.iterdir())))
        return subprocess.run(command, input=names, text=True, capture_output=True).stdout

    def __call__(self, texts: Sequence[str]) -> str:
        """Classify the texts that were prepared."""
        return self.run("-T")


def one_line(text: str) -> str:
    return " ".join(text.split())


def missing(found: dict[str, Run], name: str) -> dict[str, Run]:
    print(f"left out: {name} is not installed")
    return found


def measured(runs: dict[str, Run], texts: Sequence[str], rounds: int) -> dict[str, tuple[float, float]]:
    """Median microseconds a text, and the spread of the rounds over it. The order is another in each round, for each tool finds the
    caches as the one before left them."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in Random(number).sample([*runs.items()], len(runs)):
            if isinstance(run, Bogofilter):
                run.prepare(texts)
            began = time.perf_counter()
            run(texts)
            if number:  # the first round warms up
                times[name].append((time.perf_counter() - began) / len(texts) * 1e6)
    return {name: (median(found), (max(found) - min(found)) / median(found)) for name, found in times.items()}


def table(kind: str, found: dict[str, tuple[float, float]]) -> str:
    """Of each tool the time of a text, the spread, and how many times as long it takes as ours."""
    head = "".join(f" ÷ {name} |" for name in OURS)
    lines = [f"\n**{kind}**\n", f"| | µs a text | spread |{head}", "|---|---|---|" + "---|" * len(OURS)]
    for name, (middle, spread) in found.items():
        ratios = "".join(f" {middle / found[ours][0]:.2f} |" for ours in OURS)
        lines.append(f"| {name} | {middle:,.1f} | {spread:.0%} |{ratios}")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--output", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        runs = FEATURES | probabilities(Path(name)) | limits()
        tables = []
        for kind, texts in kinds_of_text().items():
            tables.append(table(kind, measured(runs, texts, given.rounds)))
            print(tables[-1], flush=True)
    if given.output:
        given.output.write_text("\n".join(tables) + "\n", "utf-8")


if __name__ == "__main__":
    main()
