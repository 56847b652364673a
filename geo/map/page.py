"""Draws a map scene as one HTML file that works with the network off.

Owns the page: folium's map, Leaflet from its wheel and our own scripts and styles inlined. The
only part that knows folium. Does not know orders or plans.
"""

from __future__ import annotations

import base64
import html
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

import folium
from branca.element import Element, Figure
from xstatic.pkg import leaflet

from geo.map.encode import encode_scene
from geo.map.scene import Language, MapScene

# The order matters: each script uses only those before it.
_SCRIPTS = (
    "words.js",
    "day.js",
    "canvas.js",
    "lanes.js",
    "flights.js",
    "sites.js",
    "zones.js",
    "details.js",
    "panel.js",
    "timebar.js",
    "start.js",
)
_STYLES = ("page.css", "panel.css", "map.css")
_HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}


def draw_map(scene: MapScene, lang: Language = "zh") -> str:
    """The map of one day as a whole HTML page.

    Args:
        scene: what is drawn; both languages go into the page.
        lang: the language the page starts in; it has a switch.

    Returns:
        HTML that asks the network for nothing.

    Raises:
        ValueError: ``lang`` is neither ``zh`` nor ``en``.
    """
    if lang not in _HTML_LANGUAGE:
        raise ValueError(f"a map speaks zh or en, not {lang!r}")
    title = scene.title.zh if lang == "zh" else scene.title.en
    figure = Figure(title=html.escape(f"{title} · {scene.date}"))
    drawn = _OfflineMap(tiles=None, zoom_control=False, zoom_snap=0.25)
    # Folium names its objects at random; a fixed name makes equal scenes equal files.
    drawn._id = "flights"
    drawn.add_child(_Page(_script(scene, lang, drawn.get_name())), name="page")
    figure.add_child(drawn)
    return _finish(figure.render(), lang)


class _OfflineMap(folium.Map):
    """Folium's map without the files it would fetch."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own attribute


class _Verbatim(Element):
    """Text that is placed as it is; braces inside it are no template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_: object) -> str:
        return self._text


class _Page(Element):
    """Leaflet, the page around the map and the scripts that fill it, all inside the file."""

    def __init__(self, script: str) -> None:
        super().__init__()
        self._script = script

    def render(self, **_: object) -> str:
        """Places the parts; folium calls it after it has placed the map itself."""
        figure = cast(Figure, self.get_root())
        styles = "\n".join(_asset(name) for name in _STYLES)
        for target, name, text in (
            (figure.header, "leaflet_style", f"<style>{leaflet_style()}</style>"),
            (figure.header, "page_style", f"<style>{styles}</style>"),
            (figure.header, "leaflet_script", f"<script>{leaflet_script()}</script>"),
            (figure.html, "shell", _asset("shell.html")),
            (figure.script, "page_script", self._script),
        ):
            target.add_child(_Verbatim(text), name=name)
        return ""


def _script(scene: MapScene, lang: Language, map_name: str) -> str:
    scripts = "\n".join(_asset(name) for name in _SCRIPTS)
    return (
        f"(function (map, startLanguage, scene) {{\n'use strict';\n{scripts}\n}})"
        f"({map_name}, {lang!r}, {encode_scene(scene)});"
    )


def _finish(page: str, lang: Language) -> str:
    """What folium's template does not offer: the page's language and a map that may be zoomed."""
    page = page.replace("<html>", f'<html lang="{_HTML_LANGUAGE[lang]}">', 1)
    return re.sub(r"maximum-scale=1\.0,\s*user-scalable=no", "viewport-fit=cover", page, count=1)


@cache
def _asset(name: str) -> str:
    return resources.files("geo.map").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def leaflet_script() -> str:
    """Leaflet itself, without the pointer to a source map that a browser would fetch."""
    script = Path(leaflet.BASE_DIR, "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", script).replace("</script", "<\\/script")


@cache
def leaflet_style() -> str:
    """Leaflet's style sheet with its pictures inside."""
    style = Path(leaflet.BASE_DIR, "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\((images/[\w.-]+)\)", _picture_address, style)


def _picture_address(match: re.Match[str]) -> str:
    picture = Path(leaflet.BASE_DIR, match[1]).read_bytes()
    return f"url(data:image/png;base64,{base64.b64encode(picture).decode('ascii')})"
