"""Templates are strict and escape everything."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from routing.report.pages import grouped, percent, render, trusted


def test_a_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("summary.html.j2", "en")


def test_only_trusted_markup_passes_unescaped() -> None:
    assert trusted("<svg/>").__html__() == "<svg/>"


def test_numbers_read_as_numbers() -> None:
    assert (percent(0.0164, 1), percent(None)) == ("1.6 %", "–")
    assert (grouped(251_300.4), grouped(312.5, 1), grouped(None)) == ("251,300", "312.5", "–")
