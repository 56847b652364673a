import datetime as dt
import io

import openpyxl
import pytest

from routing.reading.faults import FaultList
from routing.reading.tables import Columns, parse_table

COLUMNS = Columns(("id", "site"), ("when", "note"), {"编号": "id", "地点": "site"})
TEXT = "编号,地点,note\nA-1,平度市人民医院,加急\nA-2,蓼兰,\n"


def read(content):
    faults = FaultList()
    table = parse_table(content, "f", COLUMNS, faults)
    assert not faults.faults
    return table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_excel_csv_reads_the_same(encoding, separator, newline):
    content = TEXT.replace(",", separator).replace("\n", newline).encode(encoding)
    rows = read(content).rows
    assert [(row.number, row.text("id"), row.text("site")) for row in rows] == [
        (2, "A-1", "平度市人民医院"),
        (3, "A-2", "蓼兰"),
    ]


def test_row_numbers_count_comments_blank_rows_and_line_breaks_in_cells():
    table = read(b'# datum: WGS-84\nid,site\nA-1,"two\nlines"\n\nA-2,x\n')
    assert [row.number for row in table.rows] == [3, 6]
    assert table.comments == ("# datum: WGS-84",)


def test_separator_line_of_excel_is_believed():
    assert read(b"sep=;\nid;site\nA-1;a, b\n").rows[0].text("site") == "a, b"


def test_headings_may_carry_a_unit_a_star_and_capitals():
    table = read("ID*,Site （必填）\nA-1,x\n".encode())
    assert table.columns == {"id", "site"}


def test_workbook_cells_keep_their_kind_and_row():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "site", "when"])
    sheet.append([7, "x", dt.time(8, 15)])
    sheet.append([None, None, None])
    sheet.append(["A-2", "y", dt.datetime(2026, 11, 23, 8, 15)])
    stream = io.BytesIO()
    book.save(stream)
    rows = read(stream.getvalue()).rows
    assert [(row.number, row.text("id"), row.cells["when"]) for row in rows] == [
        (2, "7", dt.time(8, 15)),
        (4, "A-2", dt.datetime(2026, 11, 23, 8, 15)),
    ]
