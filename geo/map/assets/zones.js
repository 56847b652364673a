// Airspace: a fill and a hatch for each rule, a name, and shown only while active.
const zoneLayer = (() => {
  const rows = [];
  const latlngs = (rings) => rings.map((polygon) => polygon.map((ring) => ring.map(([lon, lat]) => [lat, lon])));

  function add() {
    const renderer = L.svg({ pane: "zones", padding: 0.5 });
    day.scene.zones.forEach((zone) => {
      const shape = L.polygon(latlngs(zone.rings), {
        renderer, interactive: false, pane: "zones", color: day.scene.zoneColours[zone.rule], weight: zone.rule === "advisory" ? 1.2 : 1.8,
        className: `zone zone-${zone.rule}`, dashArray: zone.illustrative ? "7 5" : null, fillColor: `url(#hatch-${zone.rule})`, fillOpacity: 1,
      }).addTo(map);
      const name = L.marker(shape.getBounds().getCenter(), { interactive: false, keyboard: false, pane: "zoneNames",
        icon: L.divIcon({ className: `zone-name zone-name-${zone.rule}`, iconSize: [0, 0], html: "<div></div>" }) }).addTo(map);
      const row = { zone, shape, name, isShown: true };
      rows.push(row);
      name.getElement().anchorAt = () => name.getLatLng();
      siteLayer.zoneLabels.push({ node: () => name.getElement(), spots: () => spots(shape), isShown: () => row.isShown });
    });
    relabel();
  }
  // Where its name may stand: in the middle of a large zone, below or above a small one.
  function spots(shape) {
    const box = shape.getBounds(), a = map.latLngToContainerPoint(box.getNorthWest()), b = map.latLngToContainerPoint(box.getSouthEast());
    const x = (a.x + b.x) / 2, isLarge = b.x - a.x > 110 && b.y - a.y > 50;
    return isLarge ? [[x, (a.y + b.y) / 2, 0]] : [[x, b.y + 2, 1], [x, a.y - 2, -1]];
  }
  function hours(zone) {
    return zone.active.length ? zone.active.map(([from, to]) => `${day.clock(from)}–${day.clock(to)}`).join(", ") : day.say("always");
  }
  function relabel() {
    rows.forEach(({ zone, name }) => {
      const box = name.getElement().firstChild;
      box.replaceChildren(day.make("b", {}, day.text(zone.name)),
        day.make("span", {}, day.say(zone.rule) + (zone.active.length ? ` · ${hours(zone)}` : "")),
        ...(zone.illustrative && !/示意|illustrative/.test(day.text(zone.name)) ? [day.make("i", {}, "示意 illustrative")] : []));
    });
  }
  function update() {
    rows.forEach((row) => {
      const isShown = day.state.layers.zones && day.isActive(row.zone, day.state.time);
      if (isShown === row.isShown) return;
      row.isShown = isShown;
      row.shape.getElement().classList.toggle("is-away", !isShown);
      row.name.getElement().classList.toggle("is-hidden", !isShown);
      if (isShown) siteLayer.place();
    });
  }
  function isInside([x, y], ring) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i], [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }
  function contains(zone, lonlat) {
    return zone.rings.some(([outer, ...holes]) => isInside(lonlat, outer) && !holes.some((hole) => isInside(lonlat, hole)));
  }
  function extent(shape) { const box = shape.getBounds(); return (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth()); }
  // The smallest zone shown at a place, which is the one a user means.
  function at(latlng) {
    const here = rows.filter((row) => row.isShown && contains(row.zone, [latlng.lng, latlng.lat]));
    return here.sort((a, b) => extent(a.shape) - extent(b.shape))[0]?.zone;
  }
  function open(zone, latlng) {
    const zh = scene.texts[zone.name][0], en = scene.texts[zone.name][1], isZh = day.state.language === "zh";
    const body = day.make("div.popup", {}, day.make(`p.popup-kind.rule-${zone.rule}`, {}, day.say(zone.rule)),
      day.make("h2", {}, isZh ? zh : en), day.make("p.popup-other", {}, isZh ? en : zh),
      zone.illustrative && day.make("p.popup-warn", {}, day.say("illustrativeLong")),
      day.make("dl.facts", {}, day.make("dt", {}, day.say("active")), day.make("dd", {}, hours(zone))), siteLayer.facts(zone.facts));
    L.popup({ maxWidth: 320, minWidth: 240 }).setLatLng(latlng).setContent(body).openOn(map);
  }
  return { add, relabel, update, at, open, rows };
})();
