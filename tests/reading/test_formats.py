"""The page on formats says what the models say."""

from docs.make_formats import END, PAGE, START, input_formats
from routing.reading.catalogue import DroneEntry, ProductEntry, RulesFile
from routing.reading.network_file import NetworkFile
from routing.reading.order_file import ORDER_COLUMNS


def test_page_is_current():
    text = PAGE.read_text(encoding="utf-8")
    assert START + text.partition(START)[2].partition(END)[0] + END == input_formats().rstrip("\n")


def test_page_names_every_key_and_column():
    text = input_formats()
    for model in (DroneEntry, ProductEntry, RulesFile, NetworkFile):
        for name in model.model_fields:
            assert f"| `{name}` |" in text
    for column in (*ORDER_COLUMNS.required, *ORDER_COLUMNS.optional):
        assert f"| `{column}` |" in text


def test_bounds_and_sources_are_told():
    text = input_formats()
    assert "| `payload_max_kg` | sourced: number above 0 to 500 | must be there |" in text
    assert "| `sunrise` | clock time |" in text
