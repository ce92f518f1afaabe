"""Shared fixtures, and the rule that CI skips nothing that it can install."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from classifier import Posting, RiskModel, load_model
from classifier.api import create_app
from classifier.labelled import LabelledPosting, corpus_files, read_labelled
from classifier.settings import Settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
MAY_SKIP = "missing real postings: "

LURE = (
    "Dibutuhkan segera CS online penempatan Kamboja. Gaji 12-16 juta, tanpa pengalaman, ijazah bebas. Tiket, paspor, visa, mess "
    "dan makan ditanggung kantor. Minat langsung telegram @hrd_contoh"
)
HONEST = (
    "Toko bangunan di Klaten mencari kasir. Gaji UMK, libur hari Minggu, pengalaman kasir satu tahun. Lamaran diantar langsung ke "
    "toko, temui Bu Ratna."
)


@pytest.fixture(scope="session")
def model() -> RiskModel:
    return load_model()


@pytest.fixture(scope="session")
def corpus() -> list[LabelledPosting]:
    return read_labelled(corpus_files())[0]


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings())) as client:
        yield client


@pytest.fixture
def lure() -> Posting:
    return Posting(description=LURE)


@pytest.fixture
def honest() -> Posting:
    return Posting(description=HONEST)


def shared_file(name: str) -> Path:
    """A file of real postings beside the checkout; the test is skipped, saying which is missing, where there is none."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{MAY_SKIP}{path}")
    return path


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and os.environ.get("CI") and not _may_skip(report):
        report.outcome = "failed"


def _may_skip(report: pytest.TestReport) -> bool:
    return isinstance(report.longrepr, tuple) and MAY_SKIP in report.longrepr[2]
