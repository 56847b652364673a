// Sites: their marks, their names without collisions, their popups, the rings around the hub.
const siteLayer = (() => {
  const CROSS = '<path d="M-1.7-5.4h3.4v3.7h3.7v3.4h-3.7v3.7h-3.4v-3.7h-3.7v-3.4h3.7z" fill="#fff"/>';
  const INK = "#22313c", BASE = "#0b6b63";
  const MARKS = {
    hub: { r: 13, svg: `<circle r="12" fill="${INK}" stroke="#fff" stroke-width="2"/><g transform="scale(1.25)">${CROSS}</g>` },
    hospital: { r: 9, svg: `<rect x="-8" y="-8" width="16" height="16" rx="4" fill="${INK}" stroke="#fff" stroke-width="1.6"/><g transform="scale(.82)">${CROSS}</g>` },
    township: { r: 6, svg: `<circle r="5.2" fill="#fff" stroke="${INK}" stroke-width="2.4"/>` },
    village: { r: 4, svg: `<circle r="3.2" fill="#fff" stroke="${INK}" stroke-width="1.6"/>` },
  };
  const IMPORTANCE = { hub: 0, hospital: 2, township: 3, village: 4 };
  const ring = (r) => `<circle r="${r}" fill="none" stroke="#fff" stroke-width="4.5"/><circle r="${r}" fill="none" stroke="${BASE}" stroke-width="2.4"/>`;
  const NAME_PX = 210;
  const markers = new Map();
  const zoneLabels = [];
  const ringLayer = L.layerGroup();

  function mark(kind, isBase) {
    const { r, svg } = MARKS[kind] || MARKS.township;
    return { r: isBase ? r + 5 : r, svg: `${isBase ? ring(r + 3) : ""}${svg}` };
  }
  function picture(kind, isBase, size) {
    const { svg } = mark(kind, isBase);
    return `<svg viewBox="-18 -18 36 36" width="${size}" height="${size}" aria-hidden="true">${svg}</svg>`;
  }
  function rank(site) { return site.base && site.kind !== "hub" ? 1 : (IMPORTANCE[site.kind] ?? 3); }

  function add() {
    day.scene.sites.slice().sort((a, b) => rank(b) - rank(a)).forEach((site) => {
      const name = day.make("span.site-name", {}, day.text(site.name));
      const holder = day.make("span.site-mark", {});
      holder.innerHTML = picture(site.kind, site.base, 36);
      const icon = L.divIcon({ className: `site site-${site.kind}`, iconSize: [36, 36], html: day.make("span.site-box", {}, holder, name) });
      const marker = L.marker([site.at[1], site.at[0]], { icon, pane: "sites", zIndexOffset: (5 - rank(site)) * 1000, riseOnHover: true });
      marker.bindPopup(() => popup(site), { maxWidth: 330, minWidth: 250, autoPanPadding: [24, 24] });
      marker.on("click", () => day.select("site", site.id));
      marker.addTo(map);
      markers.set(site.id, { site, marker, name });
    });
    drawRings();
    ringLayer.addTo(map);
    relabel();
  }
  function relabel() {
    markers.forEach(({ site, marker, name }) => {
      const node = marker.getElement();
      name.textContent = day.text(site.name);
      node.setAttribute("aria-label", `${day.text(site.name)}, ${day.say(site.kind)}`);
    });
    place();
  }
  function facts(rows) {
    return day.make("dl.facts", {}, ...rows.flatMap(([label, value]) => [day.make("dt", {}, day.text(label)), day.make("dd", {}, day.text(value))]));
  }
  function popup(site) {
    const zh = scene.texts[site.name][0], en = scene.texts[site.name][1], isZh = day.state.language === "zh";
    const calls = day.scene.sorties.filter((s) => s.stops.some((stop) => stop.site === site.id));
    const kinds = day.say(site.kind) + (site.base ? ` · ${day.say("base")}` : "");
    const counts = [
      [day.say("departures"), calls.length],
      [day.say("ordersFrom"), day.scene.orders.filter((o) => o.origin === site.id).length],
      [day.say("ordersTo"), day.scene.orders.filter((o) => o.destination === site.id && o.sortie).length],
    ];
    return day.make("div.popup", {},
      day.make("p.popup-kind", {}, kinds),
      day.make("h2", {}, isZh ? zh : en), day.make("p.popup-other", { lang: isZh ? "en" : "zh" }, isZh ? en : zh),
      day.make("div.popup-counts", {}, ...counts.map(([label, n]) => day.make("div", {}, day.make("b", {}, String(n)), day.make("span", {}, label)))),
      facts(site.facts));
  }
  function drawRings() {
    ringLayer.clearLayers();
    const hub = day.sites.get(day.scene.hub);
    if (!hub || !day.state.layers.rings) return;
    [10, 20, 30, 40].forEach((km) => {
      const circle = L.circle([hub.at[1], hub.at[0]], { radius: km * 1000, pane: "ground", interactive: false, className: "hub-ring", fill: false, weight: 1 });
      ringLayer.addLayer(circle);
      const north = L.latLng(hub.at[1] + (km * 1000) / 111320, hub.at[0]);
      ringLayer.addLayer(L.marker(north, { interactive: false, keyboard: false, pane: "ground", icon: L.divIcon({ className: "ring-name", html: `${km} km`, iconSize: [44, 14] }) }));
    });
  }

  // Names: the important first, each on the first free side; what finds none shows on hover.
  const pen = document.createElement("canvas").getContext("2d");
  function overlaps(a, b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; }
  function sides(x, y, r, w, h) {
    const gap = r + 3;
    return [["right", x + gap, y - h / 2], ["left", x - gap - w, y - h / 2], ["below", x - w / 2, y + gap - 1], ["above", x - w / 2, y - gap - h + 1]]
      .map(([side, left, top]) => [side, [left, top, left + w, top + h]]);
  }
  function place() {
    const all = [...markers.values()].sort((a, b) => rank(a.site) - rank(b.site));
    const view = map.getSize(), spots = all.map(({ site }) => map.latLngToContainerPoint([site.at[1], site.at[0]]));
    const taken = all.map(({ site }, i) => { const r = mark(site.kind, site.base).r - 1; return [spots[i].x - r, spots[i].y - r, spots[i].x + r, spots[i].y + r]; });
    all.forEach(({ site, name }, i) => {
      const isHub = site.kind === "hub", isLarge = isHub || site.kind === "hospital" || site.base;
      pen.font = `${isLarge ? 650 : 500} ${isHub ? 14 : isLarge ? 12.5 : 11.5}px ${getComputedStyle(document.body).fontFamily}`;
      const w = Math.min(NAME_PX, pen.measureText(name.textContent).width + 6), h = isHub ? 19 : 16;
      const free = sides(spots[i].x, spots[i].y, mark(site.kind, site.base).r, w, h)
        .find(([, box]) => box[0] > 0 && box[2] < view.x && !taken.some((other, j) => j !== i && overlaps(box, other)));
      name.className = `site-name ${isLarge ? "is-large " : ""}${free ? `at-${free[0]}` : "is-hidden at-right"}`;
      name.style.setProperty("--gap", `${mark(site.kind, site.base).r + 3}px`);
      if (free) taken.push(free[1]);
    });
    placeZoneNames(taken);
  }
  function placeZoneNames(taken) {
    const view = map.getSize();
    document.body.classList.toggle("is-far", map.getZoom() < 11);
    zoneLabels.forEach(({ node, spots, isShown }) => {
      if (!node()) return;
      const label = node().firstChild, w = label.offsetWidth, h = label.offsetHeight;
      const free = isShown() && spots().map(([x, y, side]) => [x - w / 2, y - h / 2 + (side * h) / 2, x + w / 2, y + h / 2 + (side * h) / 2])
        .find((box) => box[0] > 0 && box[1] > 0 && box[2] < view.x && box[3] < view.y && !taken.some((other) => overlaps(box, other)));
      node().classList.toggle("is-hidden", !free);
      if (!free) return;
      const anchor = map.latLngToContainerPoint(node().anchorAt());
      label.style.left = `${(free[0] + free[2]) / 2 - anchor.x}px`;
      label.style.top = `${(free[1] + free[3]) / 2 - anchor.y}px`;
      taken.push(free);
    });
  }
  function open(id) {
    const { marker, site } = markers.get(id);
    map.setView([site.at[1], site.at[0]], Math.max(map.getZoom(), 11), { animate: false });
    marker.openPopup();
  }
  function showNames(isOn) { document.body.classList.toggle("no-names", !isOn); }
  return { add, relabel, place, open, drawRings, showNames, picture, facts, zoneLabels };
})();
