"""Every key of the format has a name on forms."""

from dataclasses import fields

import pytest

from campaigns.schemes.labels import COMMON, OWN, label_of
from campaigns.schemes.model import Scheme


def tables(cls=Scheme):
    """The dataclass and all that stand in it."""
    found = {cls}
    for spec in fields(cls):
        inner = getattr(spec.metadata["value"], "cls", None)
        found |= tables(inner) if inner else set()
    return found


@pytest.mark.parametrize("cls", sorted(tables(), key=lambda cls: cls.__name__), ids=lambda cls: cls.__name__)
def test_every_key_of_a_table_has_a_label(cls):
    unnamed = [spec.name for spec in fields(cls) if str(label_of(cls, spec.name).name) == spec.name]

    assert unnamed == []


def test_no_label_is_left_without_a_key():
    keys = {cls.__name__: {spec.name for spec in fields(cls)} for cls in tables()}

    assert {(name, key) for name, labels in OWN.items() for key in labels if key not in keys[name]} == set()
    assert set(COMMON) <= set().union(*keys.values())
