// Puts the page together: panes, layers, clicks, keys, printing.
(() => {
  // The panel comes first, for readers of the page in its order and for paper.
  document.body.insertBefore(byId("panel"), map.getContainer());
  [["ground", 210], ["zones", 320], ["paths", 380], ["zoneNames", 560], ["moving", 620], ["sites", 600]].forEach(([name, order]) => {
    map.createPane(name).style.zIndex = order;
    if (name !== "sites") map.getPane(name).style.pointerEvents = "none";
  });
  map.getPane("popupPane").style.zIndex = 700;
  map.attributionControl.remove();
  const outline = scene.outline.map(([lon, lat]) => [lat, lon]);
  if (outline.length) L.polygon(outline, { pane: "ground", interactive: false, className: "county" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);

  const extent = L.latLngBounds(scene.sites.map((site) => [site.at[1], site.at[0]]));
  if (outline.length) extent.extend(L.latLngBounds(outline));
  const fit = () => map.fitBounds(extent, { padding: window.innerWidth < 720 ? [6, 6] : [26, 26], animate: false });
  fit();
  zoneLayer.add();
  siteLayer.add();
  const paths = new GluedCanvas("paths", lanes.paint).addTo(map);
  const moving = new GluedCanvas("moving", flights.paint).addTo(map);
  const repaint = () => { paths.repaint(); moving.repaint(); };

  day.on("time", () => { moving.repaint(); zoneLayer.update(); timebar.show(); });
  day.on("selection", () => { repaint(); details.show(); panel.draw(); timebar.chart(); reveal(); });
  // Moves the map when the card or the edge hides what was selected.
  function reveal() {
    const chosen = day.chosenSorties();
    if (!chosen || chosen.size !== 1) return;
    const legs = day.sorties.get([...chosen][0]).legs;
    const box = L.latLngBounds(legs.flatMap((leg) => leg.path.map(([lon, lat]) => [lat, lon])));
    const card = byId("details").getBoundingClientRect(), frame = map.getContainer().getBoundingClientRect();
    const isWide = card.width < frame.width * 0.6;
    const seen = L.bounds([20, 20], isWide ? [card.left - frame.left - 60, frame.height - 20] : [frame.width - 20, card.top - frame.top - 10]);
    const corners = L.bounds(map.latLngToContainerPoint(box.getNorthWest()), map.latLngToContainerPoint(box.getSouthEast()));
    if (seen.contains(corners)) return;
    map.fitBounds(box, { maxZoom: Math.max(map.getZoom(), 10), paddingTopLeft: [60, 60], animate: false,
      paddingBottomRight: isWide ? [frame.right - card.left + 70, 60] : [30, frame.bottom - card.top + 30] });
  }
  day.on("filter", () => { repaint(); timebar.chart(); timebar.show(); });
  day.on("layers", () => { repaint(); zoneLayer.update(); siteLayer.showNames(day.state.layers.labels); siteLayer.drawRings(); siteLayer.place(); });
  day.on("language", () => { map.closePopup(); panel.head(); panel.draw(); details.show(); zoneLayer.relabel(); siteLayer.relabel(); timebar.relabel(); });
  map.on("zoomend moveend resize", () => siteLayer.place());

  const pixelOf = (canvas, event) => { const p = map.latLngToLayerPoint(event.latlng); return [p.x - canvas.origin.x, p.y - canvas.origin.y]; };
  const sortieUnder = (event) => flights.sortieAt(pixelOf(moving, event)) || lanes.sortieAt(pixelOf(paths, event));
  map.on("click", (event) => {
    const sortie = sortieUnder(event);
    if (sortie) { map.closePopup(); details.openSortie(sortie); return; }
    const zone = day.state.layers.zones && zoneLayer.at(event.latlng);
    if (zone) zoneLayer.open(zone, event.latlng);
    if (day.state.selected) day.select(null);
  });
  map.on("mousemove", (event) => {
    const sortie = sortieUnder(event), tip = byId("tip");
    map.getContainer().style.cursor = sortie ? "pointer" : "";
    tip.hidden = !sortie;
    if (!sortie) return;
    tip.textContent = `${sortie.id} · ${sortie.drone} · ${day.clock(sortie.start)}–${day.clock(sortie.end)}`;
    tip.style.left = `${event.originalEvent.clientX + 14}px`;
    tip.style.top = `${event.originalEvent.clientY + 14}px`;
  });
  map.on("mouseout", () => { byId("tip").hidden = true; });

  const doing = {
    " ": timebar.toggle, ",": () => day.setTime(day.state.time - 60), ".": () => day.setTime(day.state.time + 60),
    "[": () => timebar.faster(-1), "]": () => timebar.faster(1), l: () => day.setLanguage(day.state.language === "zh" ? "en" : "zh"),
    "/": () => { document.body.classList.add("panel-open"); byId("search").focus(); },
    Escape: () => { map.closePopup(); document.body.classList.remove("panel-open"); day.select(null); },
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox" && event.target.type !== "range";
    const isPressing = event.key === " " && /^(BUTTON|INPUT|A)$/.test(event.target.tagName) && event.target.type !== "range";
    const act = doing[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || isTyping || isPressing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  byId("lang-zh").addEventListener("click", () => day.setLanguage("zh"));
  byId("lang-en").addEventListener("click", () => day.setLanguage("en"));
  byId("zoom-in").addEventListener("click", () => map.zoomIn(1));
  byId("zoom-out").addEventListener("click", () => map.zoomOut(1));
  byId("fit").addEventListener("click", fit);
  byId("print").addEventListener("click", () => window.print());
  byId("panel-toggle").addEventListener("click", () => document.body.classList.toggle("panel-open"));

  // On paper the map has the size of the sheet and the whole county on it.
  let view = null;
  window.addEventListener("beforeprint", () => {
    timebar.stop();
    panel.printLegend();
    view = [map.getCenter(), map.getZoom()];
    document.body.classList.add("is-printing");
    map.invalidateSize({ animate: false, pan: false });
    fit();
  });
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("is-printing");
    map.invalidateSize({ animate: false, pan: false });
    if (view) map.setView(view[0], view[1], { animate: false });
  });

  timebar.wire();
  panel.start();
  const wanted = new URLSearchParams(window.location.hash.slice(1));
  day.setLanguage(["zh", "en"].includes(wanted.get("lang")) ? wanted.get("lang") : startLanguage);
  day.setTime(wanted.has("t") ? Number(wanted.get("t")) || day.first : busiest());
  if (day.sorties.has(wanted.get("sortie"))) details.openSortie(day.sorties.get(wanted.get("sortie")));
  if (day.orders.has(wanted.get("order"))) day.select("order", wanted.get("order"));
  // For other pages that embed this one, and for tests: the time and where the drones are.
  window.flightMap = {
    time: () => day.state.time, setTime: day.setTime, select: day.select,
    positions: () => Object.fromEntries([...flights.positions].map(([id, [x, y]]) => {
      const at = map.layerPointToLatLng(L.point(x, y).add(moving.origin));
      return [id, [at.lng, at.lat]];
    })),
  };
  document.body.classList.add("is-ready");

  // The page opens when most drones are in the air, so that the first look shows the day at work.
  function busiest() {
    let best = day.first, most = -1;
    scene.sorties.forEach((sortie) => {
      const time = sortie.start + 240, count = day.airborneAt(time).length;
      if (count > most) { most = count; best = time; }
    });
    return best;
  }
})();
