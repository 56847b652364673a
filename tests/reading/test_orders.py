"""Orders: what a row leaves empty, the product and the network fill in."""

import datetime as dt
from dataclasses import replace

import openpyxl
import pytest

from routing.errors import InputError
from routing.network import Window
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from tests.corpus_table import CORPUS

HEADING = "id,origin,destination,product,quantity,mass_kg,collected,ready,deadline,target,tier"


@pytest.fixture(scope="module")
def network():
    return read_network(CORPUS / "valid" / "network")


def read(network, folder, *rows, heading=HEADING, encoding="utf-8"):
    path = folder / "orders.csv"
    path.write_text("\n".join((heading, *rows)) + "\n", encoding=encoding)
    return read_orders(path, network)


def codes(error):
    return [fault.code for fault in error.value.faults]


def test_empty_cells_follow_from_the_product(network, tmp_path):
    (order,) = read(network, tmp_path, "A,clinic-a,,serum,10,,,08:00,,,")
    # 08:00 = 28,800 s; stability 120 min, target 90 min, 10 units of 0.02 kg, lab 30 min
    assert (order.ready_s, order.collected_s) == (28_800, 28_800)
    assert (order.deadline_s, order.target_s) == (28_800 + 7_200, 28_800 + 5_400)
    assert (order.mass_kg, order.slots, order.lab_s) == (0.2, 1, 1_800)
    assert (order.wanted, order.destinations) == ("lab:chemistry", ("hub",))
    assert order.tier == "routine"


def test_stability_counts_from_collection_not_from_ready(network, tmp_path):
    (order,) = read(network, tmp_path, "A,clinic-a,,serum,1,,07:30,08:00,,,")
    assert (order.collected_s, order.ready_s) == (27_000, 28_800)
    assert (order.deadline_s, order.target_s) == (27_000 + 7_200, 27_000 + 5_400)


def test_goods_without_a_clock_have_a_day_and_no_target(network, tmp_path):
    (order,) = read(network, tmp_path, "A,hub,clinic-b,red-cells,2,,,09:00,,,urgent")
    assert (order.collected_s, order.target_s) == (None, None)
    assert order.deadline_s == 9 * 3600 + 86_400
    assert order.ride_limit_s == 3_600


def test_given_values_win_and_target_never_passes_the_deadline(network, tmp_path):
    (order,) = read(network, tmp_path, "A,clinic-a,hub,serum,1,0.4,,08:00,09:00,,stat")
    assert (order.mass_kg, order.deadline_s, order.target_s) == (0.4, 32_400, 32_400)


def test_deadline_at_the_stability_limit_passes_and_a_second_more_does_not(network, tmp_path):
    (order,) = read(network, tmp_path, "A,clinic-a,,serum,1,,08:00,08:00,10:00,,")
    assert order.deadline_s == 36_000
    with pytest.raises(InputError) as error:
        read(network, tmp_path, "A,clinic-a,,serum,1,,08:00,08:00,10:00:01,,")
    assert codes(error) == ["orders.deadline-past-stability"]


def test_heaviest_order_passes_and_a_gram_more_does_not(network, tmp_path):
    # The quad lifts 6 kg with a box of 1 kg.
    (order,) = read(network, tmp_path, "A,hub,clinic-a,red-cells,1,5,,08:00,,,")
    assert order.mass_kg == 5.0
    with pytest.raises(InputError) as error:
        read(network, tmp_path, "A,hub,clinic-a,red-cells,1,5.001,,08:00,,,")
    assert codes(error) == ["orders.too-heavy"]
    assert "0.001 kg too much" in str(error.value)


def test_service_leaves_out_the_origin_only_when_it_is_not_offered_there(network, tmp_path):
    second = replace(network.site("clinic-b"), services=frozenset({"lab:chemistry"}))
    wide = replace(network, sites=(*network.sites[:2], second))
    (order,) = read(wide, tmp_path, "A,clinic-a,lab:chemistry,serum,1,,,08:00,,,")
    assert order.destinations == ("hub", "clinic-b")
    with pytest.raises(InputError) as error:
        read(wide, tmp_path, "A,clinic-b,lab:chemistry,serum,1,,,08:00,,,")
    assert codes(error) == ["orders.already-there"]


def test_chinese_sheet_in_gbk_reads_like_the_english_one(network, tmp_path):
    (chinese,) = read(
        network,
        tmp_path,
        "A,甲卫生院,县医院,血清,10,08:00,特急",
        heading="编号,起点,终点,产品,数量,采样时间,级别",
        encoding="gbk",
    )
    (english,) = read(network, tmp_path, "A,clinic-a,hub,serum,10,,08:00,,,,stat")
    assert chinese == english


def test_windows_at_both_ends(network, tmp_path):
    (order,) = read(
        network,
        tmp_path,
        "A,clinic-a,serum,08:00,08:30,,09:00,09:30",
        heading="id,origin,product,ready,pickup_from,pickup_until,delivery_from,delivery_until",
    )
    assert order.pickup_windows == (Window(30_600, 172_800),)
    assert order.delivery_windows == (Window(32_400, 34_200),)


def test_workbook_with_times_dates_durations_and_serials(network, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "origin", "product", "quantity", "ready"])
    cells = [dt.time(8, 15), dt.datetime(2026, 11, 23, 8, 15), 0.34375, 46349.34375, "08:15"]
    for number, cell in enumerate(cells):
        sheet.append([number, "clinic-a", "serum", 10, cell])
    book.save(tmp_path / "orders.xlsx")
    orders = read_orders(tmp_path / "orders.xlsx", network)
    assert [order.id for order in orders] == ["0", "1", "2", "3", "4"]
    assert {order.ready_s for order in orders} == {29_700}


def test_all_faults_of_all_rows_are_told(network, tmp_path):
    with pytest.raises(InputError) as error:
        read(network, tmp_path, "A,nowhere,,serum,-1,,,8,,,", "A,hub,hub,nothing,1,,,08:00,,,now")
    assert codes(error) == [
        "orders.unknown-site",
        "table.out-of-range",
        "orders.bad-time",
        "orders.duplicate-id",
        "orders.unknown-product",
        "orders.same-site",
        "table.bad-choice",
    ]
