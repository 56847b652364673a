"""Real places the benchmark days are built around, as figures.

Owns town seats of Pingdu and county seats of Qingdao. Knows no drones and no orders. Positions
are WGS-84 and approximate (a town's seat stands for its health centre): never fly to them.

Sources: AMap town points via Vonng/adcode (CC BY 4.0, GCJ-02 converted), GeoNames (CC BY 4.0).
"""

from __future__ import annotations

from typing import NamedTuple

from routing.network import SiteKind


class Seat(NamedTuple):
    """A hospital, health centre or county seat and where it roughly stands (WGS-84)."""

    id: str
    name_zh: str
    name_en: str
    kind: SiteKind
    lon_deg: float
    lat_deg: float


PINGDU: tuple[Seat, ...] = (
    Seat(
        "pingdu-people-hospital",
        "平度市人民医院",
        "Pingdu People's Hospital",
        "hub",
        119.94639,
        36.78444,
    ),
    Seat(
        "qduh-pingdu",
        "青岛大学附属医院平度院区",
        "Affiliated Hospital of Qingdao University, Pingdu campus",
        "hospital",
        119.98316,
        36.77601,
    ),
    Seat(
        "haici-pingdu",
        "青岛海慈中医医疗集团平度院区",
        "Qingdao Haici TCM Medical Group, Pingdu campus",
        "hospital",
        119.97725,
        36.78678,
    ),
    Seat(
        "pingdu-2nd-hospital",
        "平度市第二人民医院",
        "Pingdu No.2 People's Hospital (Liaolan)",
        "hospital",
        119.87903,
        36.66989,
    ),
    Seat(
        "cuijia-central-hc",
        "崔家中心卫生院",
        "Cuijia Central Health Centre (Cuijiaji)",
        "township",
        119.71131,
        36.62634,
    ),
    Seat("wanjia-hc", "万家卫生院", "Wanjia Health Centre", "township", 119.89021, 36.56332),
    Seat("guxian-hc", "古岘(中心)卫生院", "Guxian Health Centre", "township", 120.22048, 36.73375),
    Seat(
        "renzhao-hc", "仁兆(中心)卫生院", "Renzhao Health Centre", "township", 120.19295, 36.63917
    ),
    Seat("nancun-hc", "南村(中心)卫生院", "Nancun Health Centre", "township", 120.12632, 36.53425),
    Seat(
        "mingcun-hc", "明村(中心)卫生院", "Mingcun Health Centre", "township", 119.63797, 36.75727
    ),
    Seat(
        "tianzhuang-hc",
        "田庄(中心)卫生院",
        "Tianzhuang Health Centre",
        "township",
        119.73532,
        36.79504,
    ),
    Seat("dianzi-hc", "店子(中心)卫生院", "Dianzi Health Centre", "township", 119.86230, 36.90013),
    Seat(
        "dazeshan-hc",
        "大泽山(中心)卫生院",
        "Dazeshan Health Centre",
        "township",
        119.91964,
        36.98821,
    ),
    Seat(
        "jiudian-hc", "旧店(中心)卫生院", "Jiudian Health Centre", "township", 120.20159, 36.99093
    ),
    Seat(
        "yunshan-hc", "云山(中心)卫生院", "Yunshan Health Centre", "township", 120.20160, 36.82676
    ),
    Seat("xinhe-hc", "新河卫生院", "Xinhe Health Centre", "township", 119.59306, 36.92500),
    Seat(
        "huibu-hc",
        "灰埠卫生院",
        "Huibu Health Centre (former Huibu town)",
        "township",
        119.70629,
        36.99378,
    ),
    Seat(
        "datian-hc",
        "大田卫生院",
        "Datian Health Centre (former Datian town)",
        "township",
        120.09597,
        36.96044,
    ),
    Seat("xiangdian-hc", "香店卫生院", "Xiangdian Health Centre", "township", 120.01741, 36.74942),
    Seat(
        "dongge-hc",
        "东阁街道卫生院/社区卫生服务中心",
        "Dongge Subdistrict health centre",
        "township",
        119.95848,
        36.78438,
    ),
    Seat(
        "liyuan-hc",
        "李园街道卫生院/社区卫生服务中心",
        "Liyuan Subdistrict health centre",
        "township",
        119.93164,
        36.79164,
    ),
    Seat(
        "tonghe-hc",
        "同和街道卫生院/社区卫生服务中心",
        "Tonghe Subdistrict health centre",
        "township",
        119.93033,
        36.73964,
    ),
    Seat(
        "fengtai-hc",
        "凤台街道卫生院/社区卫生服务中心",
        "Fengtai Subdistrict health centre",
        "township",
        120.01155,
        36.76369,
    ),
    Seat(
        "baishahe-hc",
        "白沙河街道卫生院/社区卫生服务中心",
        "Baishahe Subdistrict health centre",
        "township",
        120.02875,
        36.71695,
    ),
)
"""The hub first, then the hospitals and health centres of the county."""

COUNTIES: tuple[Seat, ...] = (
    Seat("c370202", "市南区", "Shinan", "hub", 120.40726, 36.07537),
    Seat("c370203", "市北区", "Shibei", "hub", 120.36957, 36.08733),
    Seat("c370211", "黄岛区", "Huangdao / West Coast", "hub", 120.19294, 35.96081),
    Seat("c370212", "崂山区", "Laoshan", "hub", 120.46395, 36.10733),
    Seat("c370213", "李沧区", "Licang", "hub", 120.42781, 36.14523),
    Seat("c370214", "城阳区", "Chengyang", "hub", 120.39110, 36.30722),
    Seat("c370281", "胶州市", "Jiaozhou", "hub", 120.02806, 36.26446),
    Seat("c370282", "即墨区", "Jimo", "hub", 120.44206, 36.38907),
    Seat("c370283", "平度市", "Pingdu", "hub", 119.98316, 36.77601),
    Seat("c370285", "莱西市", "Laixi", "hub", 120.51280, 36.88864),
)
"""County seats of Qingdao, each taken as the hub of its own county (a prefecture)."""
