"""The whole OpenAPI document is what the service does: no 5xx, no answer that the schema does not have."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from classifier.api import create_app
from classifier.api.lines import MEDIA_TYPE
from classifier.settings import Settings
from tests.service import KEYS, hashed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    missing_required_header,
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
]


@schemathesis.serializer(MEDIA_TYPE)
def lines_serializer(context, value):
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode() + b"\n"


schemathesis.openapi.media_type(
    MEDIA_TYPE,
    st.lists(st.one_of(st.text(max_size=20), st.just('{"title": "Kasir"}'), st.just("{}")), max_size=5).map("\n".join),
)


FREE = {"rate_per_minute": 10**7, "rate_burst": 10**7}
OPERATIONS = [
    (method.upper(), path)
    for path, methods in create_app(Settings(api_keys=hashed())).openapi()["paths"].items()
    for method in methods
]


_LONGEST_GENERATED = 8_000
"""Hypothesis generates no text that is longer; what is over the limits of the fields is sent in `test_api.py`."""


def without_long_limits(schema):
    """The document without limits that no generated text reaches, which would only end the generator."""
    if isinstance(schema, list):
        return [without_long_limits(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: without_long_limits(value)
        for key, value in schema.items()
        if not (key == "maxLength" and isinstance(value, int) and value > _LONGEST_GENERATED)
    }


@pytest.fixture(scope="module")
def api(tmp_path_factory, model):
    store = tmp_path_factory.mktemp("fuzz") / "reviews.sqlite3"
    app = create_app(Settings(api_keys=hashed(), store=str(store), **FREE))
    app.state.holder.load()
    app.openapi_schema = without_long_limits(app.openapi())
    yield schemathesis.openapi.from_asgi("/openapi.json", app)
    app.state.stores.close()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_service_keeps_to_its_document(api, method, path):
    # Without schemathesis's pytest plugin, which does not know this version of pytest.
    limits = settings(
        max_examples=60,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    operation = api[path][method]

    def check(case):
        case.call_and_validate(headers={"Authorization": f"Bearer {KEYS['admin']}"}, checks=CHECKS)

    takes_something = path not in {"/healthz", "/readyz", "/metrics", "/v1/model", "/v1/model/reload", "/v1/reviews/export"}
    for mode in GenerationMode if takes_something else [GenerationMode.POSITIVE]:
        limits(given(case=operation.as_strategy(generation_mode=mode))(check))()


def test_nobody_comes_in_without_a_key(api):
    for method, path in OPERATIONS:
        answer = api[path][method].Case().call()
        assert answer.status_code in ({200} if path in {"/healthz", "/readyz"} else {401})
