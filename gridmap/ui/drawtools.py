"""The tools to draw with on a map: Leaflet.draw from our own files, in the page's words."""

from __future__ import annotations

from typing import Any

from folium.plugins import Draw

from gridmap import webfiles
from gridmap.words import Words, mark

COLOUR = "#d6006c"
_LABELS = {
    "draw.toolbar.buttons.polyline": mark("Draw a line"),
    "draw.toolbar.buttons.polygon": mark("Draw an area"),
    "draw.toolbar.actions.title": mark("Stop drawing"),
    "draw.toolbar.actions.text": mark("Cancel"),
    "draw.toolbar.finish.title": mark("Finish the drawing"),
    "draw.toolbar.finish.text": mark("Finish"),
    "draw.toolbar.undo.title": mark("Take back the last point"),
    "draw.toolbar.undo.text": mark("Take back the last point"),
    "draw.handlers.polyline.tooltip.start": mark("Click to begin the line."),
    "draw.handlers.polyline.tooltip.cont": mark("Click to go on."),
    "draw.handlers.polyline.tooltip.end": mark("Click the last point to finish."),
    "draw.handlers.polygon.tooltip.start": mark("Click to begin the area."),
    "draw.handlers.polygon.tooltip.cont": mark("Click to go on."),
    "draw.handlers.polygon.tooltip.end": mark("Click the first point to close the area."),
}


def words(lang: str) -> dict[str, str]:
    """What the tools say, by their place in `L.drawLocal`."""
    say = Words(lang)
    return {path: say(text) for path, text in _LABELS.items()}


def tools(base: str) -> Draw:
    """A toolbar with line and area; `base` is the path the server is mounted at."""
    pen: dict[str, Any] = {"color": COLOUR, "weight": 3, "opacity": 0.9}
    line = {"shapeOptions": pen, "metric": True, "feet": False, "repeatMode": False}
    area = {
        "shapeOptions": {**pen, "fillOpacity": 0.12},
        "showArea": False,
        "repeatMode": False,
    }
    found = Draw(  # type: ignore[no-untyped-call]
        position="topleft",
        show_geometry_on_click=False,
        draw_options={
            "polyline": line,
            "polygon": area,
            "rectangle": False,
            "circle": False,
            "marker": False,
            "circlemarker": False,
        },
        edit_options={"edit": False, "remove": False},
    )
    found.default_js = [
        ("leaflet_draw_js", webfiles.address("leaflet-draw/leaflet.draw.js", base=base))
    ]
    found.default_css = [
        ("leaflet_draw_css", webfiles.address("leaflet-draw/leaflet.draw.css", base=base))
    ]
    return found
