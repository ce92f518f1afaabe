"""The README is true: its commands run, its Python runs, every command and setting is in it."""

import re
import shlex
import subprocess
from dataclasses import fields

import pytest
from click.testing import CliRunner

from classifier.cli import main
from classifier.settings import Settings
from tests.conftest import HONEST, LURE, ROOT
from tests.service import serving

README = (ROOT / "README.md").read_text("utf-8")
SHELL = [
    line.removeprefix("$ ")
    for block in re.findall(r"```console\n(.*?)```", README, re.S)
    for line in block.splitlines()
    if line.startswith("$ ")
]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLASSIFIER_STORE", str(tmp_path / "reviews.sqlite3"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "feed.csv").write_text(f'title,description\nCS,"{LURE}"\nKasir,"{HONEST}"\n', "utf-8")
    return tmp_path


def test_there_are_commands():
    assert len(SHELL) >= 4


def test_every_command_of_the_readme_runs(workplace, model):
    for line in SHELL:
        program, *arguments = shlex.split(line)
        assert program == "classifier"
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, f"{line}: {result.output}"


def test_the_session_shown_is_what_it_prints(model):
    block = next(b for b in re.findall(r"```console\n(.*?)```", README, re.S) if "assess" in b)
    command, shown = block.split("\n", 1)
    result = CliRunner().invoke(main, shlex.split(command.removeprefix("$ "))[1:])
    assert shown.splitlines()[0].split(":")[0] == result.stdout.splitlines()[0].split(":")[0]
    quotes = set(re.findall("“(.*?)”", shown))
    assert len(quotes & set(re.findall("“(.*?)”", result.stdout))) >= len(quotes) / 2


PYTHON = re.findall(r"```python\n(.*?)```", README, re.S)


def test_the_python_of_the_readme_runs(workplace, model, capsys):
    for block in PYTHON:
        if "urlopen" not in block:
            exec(compile(block, "README.md", "exec"), {})
    assert capsys.readouterr().out


def test_the_client_of_the_readme_gets_an_answer(tmp_path, capsys):
    (block,) = (block for block in PYTHON if "urlopen" in block)
    with serving(tmp_path) as served:
        exec(compile(block.replace("http://127.0.0.1:8000", served.url), "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("low ")


def test_the_curl_body_is_a_posting(client):
    body = re.search(r"-d '(\{.*?\})'", README).group(1)
    answer = client.post("/v1/assess", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_in_the_readme(name):
    assert f"classifier {name}" in README or f"make {name}" in README


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_in_the_readme(name):
    assert f"CLASSIFIER_{name.upper()}" in README


@pytest.mark.parametrize("target", re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.M))
def test_make_help_lists_the_targets(target):
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"^  make {target}\s+\S", told, re.M)
