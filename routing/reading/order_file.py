"""The columns of an orders file and of a timetable, with the headings people use for them.

Owns names and aliases. Does not read cells.

Orders, one consignment a row (CSV, XLSX, XLS or ODS)::

    id,origin,destination,product,quantity,mass_kg,slots,collected,ready,deadline,target,tier,
    pickup_from,pickup_until,delivery_from,delivery_until,note

``destination`` is a site, a service (``lab:pathology``) or empty: the product's service. Sites and
products are named by id or by a name of the network. ``quantity`` is 1 when empty, ``mass_kg``
quantity x the product's unit, ``slots`` the product's, ``tier`` (stat, urgent, routine) routine.
``ready`` and ``collected`` stand for each other when one is empty. ``deadline`` is collected +
stability when empty, a day after ready when the product has no limit; ``target`` likewise. An
orders file carries ids only: a column for a person is refused.

A timetable holds standing collections (see ``routing.reading.timetable``).
"""

from __future__ import annotations

from routing.network import Tier
from routing.reading.tables import Columns

_ALIASES = {
    "编号": "id",
    "订单号": "id",
    "订单编号": "id",
    "单号": "id",
    "orderid": "id",
    "order_id": "id",
    "起点": "origin",
    "取件点": "origin",
    "出发点": "origin",
    "送出单位": "origin",
    "from": "origin",
    "终点": "destination",
    "目的地": "destination",
    "送达点": "destination",
    "接收单位": "destination",
    "to": "destination",
    "物品": "product",
    "产品": "product",
    "品类": "product",
    "样本类型": "product",
    "标本类型": "product",
    "数量": "quantity",
    "件数": "quantity",
    "重量": "mass_kg",
    "质量": "mass_kg",
    "mass": "mass_kg",
    "箱位": "slots",
    "采集时间": "collected",
    "采样时间": "collected",
    "可取时间": "ready",
    "就绪时间": "ready",
    "最晚送达": "deadline",
    "截止时间": "deadline",
    "目标时间": "target",
    "级别": "tier",
    "优先级": "tier",
    "取件最早": "pickup_from",
    "取件最晚": "pickup_until",
    "送达最早": "delivery_from",
    "送达最晚": "delivery_until",
    "备注": "note",
    "星期": "days",
    "时间": "time",
}
_PERSONAL = frozenset(
    (
        "name", "patient", "patient_name", "patientname", "patient_id", "姓名", "患者", "病人",
        "患者姓名", "病人姓名", "身份证", "身份证号", "id_card", "phone", "tel", "telephone",
        "mobile", "电话", "手机", "手机号", "联系电话", "address", "地址", "住址", "birthday",
        "date_of_birth", "dob", "出生日期", "age", "年龄", "sex", "gender", "性别", "住院号",
        "病历号", "门诊号", "mrn", "诊断", "diagnosis",
    )
)  # fmt: skip
ORDER_COLUMNS = Columns(
    required=("id", "origin", "product"),
    optional=(
        "destination", "quantity", "mass_kg", "slots", "collected", "ready", "deadline", "target",
        "tier", "pickup_from", "pickup_until", "delivery_from", "delivery_until", "note",
    ),
    aliases=_ALIASES,
    personal=_PERSONAL,
)  # fmt: skip
TIMETABLE_COLUMNS = Columns(
    required=("id", "days", "time", "origin", "product"),
    optional=(
        "destination", "quantity", "mass_kg", "slots", "tier", "valid_from", "valid_until", "note",
    ),
    aliases=_ALIASES,
    personal=_PERSONAL,
)  # fmt: skip
TIER_WORDS: dict[str, Tier] = {
    "": "routine",
    "stat": "stat",
    "urgent": "urgent",
    "routine": "routine",
    "特急": "stat",
    "紧急": "stat",
    "加急": "urgent",
    "常规": "routine",
    "普通": "routine",
}
