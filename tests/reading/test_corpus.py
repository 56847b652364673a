"""Every broken input of the corpus tells a user exactly what is expected, and never more."""

import re
from pathlib import Path

import pytest

from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.reading.timetable import expand_timetable
from tests.corpus_table import CORPUS, broken_files, case_name, messages_of, stored_messages

SOURCE = Path(__file__).parents[2] / "routing" / "reading"
FAMILIES = "file|yaml|keys|table|day|network|catalogue|sites|zones|weather|orders|timetable"
NOT_CODES = {"network.yaml", "sites.csv", "zones.geojson", "outline.geojson"}
EXPECTED = stored_messages()


def test_corpus_is_large_and_stored_whole():
    names = [case_name(path) for path in broken_files()]
    assert len(names) >= 60
    assert sorted(EXPECTED) == sorted(names)


@pytest.mark.parametrize("path", broken_files(), ids=case_name)
def test_broken_input_says_what_is_wrong(path):
    messages = messages_of(path)
    assert messages
    assert messages == EXPECTED[case_name(path)]


def test_every_fault_code_has_a_broken_input():
    text = " ".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.py"))
    codes = set(re.findall(rf'"((?:{FAMILIES})\.[a-z0-9-]+)"', text)) - NOT_CODES
    told = {
        match[1]
        for messages in EXPECTED.values()
        for message in messages
        if (match := re.search(r"\[([a-z.0-9-]+)\]$", message))
    }
    assert len(codes) > 80
    assert codes == told


def test_unbroken_inputs_have_no_fault():
    network = read_network(CORPUS / "valid" / "network")
    assert len(read_orders(CORPUS / "valid" / "orders.csv", network)) == 3
    assert len(expand_timetable(CORPUS / "valid" / "timetable.csv", network, "2026-11-23")) == 3
