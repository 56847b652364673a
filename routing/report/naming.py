"""Names of places, products and drones in the reader's language.

Owns the choice between the two names a network carries. An id that the network does not know is
shown as it is: a report of an edited plan must still be readable.
"""

from __future__ import annotations

from collections.abc import Iterable

from routing.network import Network
from routing.report.clock import Lang
from routing.report.words import has_word, word


class Names:
    """Looks names up in one network and one language."""

    def __init__(self, network: Network, lang: Lang) -> None:
        self.lang: Lang = lang
        self._sites = {site.id: self.pick(site.name_zh, site.name_en) for site in network.sites}
        self._products = {
            product.id: self.pick(product.name_zh, product.name_en)
            for product in network.products.values()
        }
        self._types = {
            drone.id: self.pick(kind.name_zh, kind.name_en)
            for drone in network.drones
            if (kind := network.drone_types.get(drone.type_id))
        }
        self._type_names = {
            kind.id: self.pick(kind.name_zh, kind.name_en) for kind in network.drone_types.values()
        }

    def pick(self, zh: str, en: str) -> str:
        """The text in the reader's language, the other one when it is empty."""
        return (zh or en) if self.lang == "zh" else (en or zh)

    def site(self, site_id: str) -> str:
        """Name of a site."""
        return self._sites.get(site_id, site_id)

    def product(self, product_id: str) -> str:
        """Name of a product."""
        return self._products.get(product_id, product_id)

    def drone_type(self, drone_id: str) -> str:
        """Name of a drone's type."""
        return self._types.get(drone_id, "")

    def type_name(self, type_id: str) -> str:
        """Name of a drone type."""
        return self._type_names.get(type_id, type_id)

    def band(self, band: str) -> str:
        """A temperature band with its unit: ``2–8 °C``; ``any`` in words."""
        if band == "any":
            return word("band.any", self.lang)
        if has_word(f"band.{band}"):
            return word(f"band.{band}", self.lang)
        low, dash, high = band.partition("-") if not band.startswith("-") else ("", "", "")
        return f"{low}–{high} °C" if dash else band

    def place(self, wanted: str) -> str:
        """What an order asked for: a site's name, or the service in words."""
        if wanted in self._sites:
            return self._sites[wanted]
        return self.service(wanted)

    def service(self, service: str) -> str:
        """A service in words where known: ``lab:chemistry`` -> ``chemistry laboratory``."""
        return word(f"service.{service}", self.lang) if has_word(f"service.{service}") else service

    def list_ids(self, order_ids: Iterable[str]) -> str:
        """Ids in one cell."""
        return word("punctuation.list", self.lang).join(order_ids)
