import pytest

from classifier import SettingsError
from classifier.settings import Settings


def test_defaults_and_variables():
    assert Settings.from_env({}) == Settings()
    found = Settings.from_env({"CLASSIFIER_MODEL": "m", "CLASSIFIER_MAX_BODY_BYTES": "5", "HOME": "/"})
    assert (found.model, found.max_body_bytes) == ("m", 5)


@pytest.mark.parametrize("value", ["many", "-1", "0", "1.5", ""])
def test_a_wrong_number_is_named(value):
    with pytest.raises(SettingsError, match="CLASSIFIER_MAX_BODY_BYTES: must be a positive whole number"):
        Settings.from_env({"CLASSIFIER_MAX_BODY_BYTES": value})


DIGEST = "ab" * 32


def test_keys_from_the_variable_or_a_file(tmp_path):
    found = Settings(api_keys=f"score:{DIGEST}, admin:{'cd' * 32}").keys
    assert found == {bytes.fromhex(DIGEST): "score", b"\xcd" * 32: "admin"}
    file = tmp_path / "keys"
    file.write_text(f"# the mission's keys\n\nreview:{DIGEST}\n")
    assert Settings(api_keys=str(file)).keys == {bytes.fromhex(DIGEST): "review"}
    assert Settings().keys == {}


@pytest.mark.parametrize("value", ["secret", f"boss:{DIGEST}", f"score:{DIGEST},nonsense-secret", "score:12"])
def test_wrong_keys_are_named_but_not_shown(value):
    with pytest.raises(SettingsError, match="CLASSIFIER_API_KEYS") as raised:
        Settings(api_keys=value).keys  # noqa: B018
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "10.0.0.4", "example.org"])
def test_a_host_that_others_reach_needs_keys(host):
    with pytest.raises(SettingsError, match="CLASSIFIER_API_KEYS: is needed"):
        Settings(host=host).check_doors()
    Settings(host=host, api_keys=f"score:{DIGEST}").check_doors()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.8", "::1", "localhost"])
def test_this_machine_needs_none(host):
    Settings(host=host).check_doors()


def test_yes_and_no():
    assert Settings.from_env({"CLASSIFIER_PUBLIC_PAGE": "1"}).public_page
    with pytest.raises(SettingsError, match="CLASSIFIER_PUBLIC_PAGE: must be 0 or 1"):
        Settings.from_env({"CLASSIFIER_PUBLIC_PAGE": "yes"})
