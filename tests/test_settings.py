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
