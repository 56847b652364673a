// The side panel: headline, search, the drones as legend and filter, the orders table, the layers.
const panel = (() => {
  const { make, say, text, state } = day;
  const LIMIT = 400;
  let tab = "drones", tier = "all", live = [];

  function head() {
    byId("title").textContent = text(scene.title);
    byId("date").textContent = scene.date;
    byId("badge").hidden = scene.badge == null;
    byId("badge").textContent = scene.badge == null ? "" : text(scene.badge);
    byId("headline").replaceChildren(...scene.headline.map(([label, value]) => make("div", {}, make("b", {}, text(value)), make("span", {}, text(label)))));
    byId("notices").replaceChildren(...scene.notices.map((place) => make("span", {}, text(place))));
    byId("search").placeholder = say("search");
    byId("search").setAttribute("aria-label", say("search"));
    byId("results").setAttribute("aria-label", say("results"));
    ["zh", "en"].forEach((lang) => byId(`lang-${lang}`).setAttribute("aria-pressed", String(state.language === lang)));
    document.querySelectorAll("[data-say]").forEach((node) => { node.textContent = say(node.dataset.say); });
    document.querySelectorAll("[data-name]").forEach((node) => { node.setAttribute("aria-label", say(node.dataset.name)); node.title = say(node.dataset.name); });
  }

  // Search: ids first, then names in either language.
  function candidates() {
    const names = (place) => scene.texts[place].join(" ").toLowerCase();
    return [
      ...scene.sites.map((s) => ({ kind: "site", id: s.id, label: () => text(s.name), note: () => say(s.kind), key: `${s.id.toLowerCase()} ${names(s.name)}` })),
      ...scene.sorties.map((s) => ({ kind: "sortie", id: s.id, label: () => `${s.id} · ${s.drone}`, note: () => `${day.clock(s.start)}–${day.clock(s.end)}`, key: `${s.id} ${s.drone}`.toLowerCase() })),
      ...scene.orders.map((o) => ({ kind: "order", id: o.id, label: () => `${o.id} · ${text(o.product)}`, note: () => `${day.siteName(o.origin)} → ${day.siteName(o.destination)}`, key: `${o.id.toLowerCase()} ${names(o.product)}` })),
    ];
  }
  const known = candidates();
  function find(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const rank = (row) => (row.id.toLowerCase() === query.trim().toLowerCase() ? 0 : row.key.startsWith(words[0]) ? 1 : 2);
    return known.filter((row) => words.every((word) => row.key.includes(word))).sort((a, b) => rank(a) - rank(b));
  }
  let focusOn = -1;
  function search() {
    const query = byId("search").value, found = find(query), box = byId("results");
    focusOn = found.length ? 0 : -1;
    box.hidden = !query.trim();
    byId("search").setAttribute("aria-expanded", String(!box.hidden));
    box.replaceChildren(...found.slice(0, 9).map((row, i) => make("li", { role: "option", id: `result-${i}`, "aria-selected": String(i === focusOn), onmousedown: (event) => { event.preventDefault(); choose(row); } },
      make("span.result-kind", {}, say(row.kind)), make("span.result-label", {}, row.label()), make("small", {}, row.note()))),
    ...(found.length ? [] : [make("li.none", {}, say("noResults"))]), ...(found.length > 9 ? [make("li.none", {}, say("more", { n: found.length - 9 }))] : []));
    box.rows = found.slice(0, 9);
  }
  function moveFocus(step) {
    const rows = byId("results").rows || [];
    if (!rows.length) return;
    focusOn = (focusOn + step + rows.length) % rows.length;
    [...byId("results").children].forEach((node, i) => { if (i < rows.length) node.setAttribute("aria-selected", String(i === focusOn)); });
    byId("search").setAttribute("aria-activedescendant", `result-${focusOn}`);
  }
  function choose(row) {
    byId("results").hidden = true;
    byId("search").setAttribute("aria-expanded", "false");
    byId("search").value = "";
    if (row.kind === "site") { day.select("site", row.id); siteLayer.open(row.id); }
    else if (row.kind === "sortie") details.openSortie(day.sorties.get(row.id));
    else day.select("order", row.id);
    document.body.classList.remove("panel-open");
  }
  function wireSearch() {
    const box = byId("search");
    box.addEventListener("input", search);
    box.addEventListener("blur", () => { byId("results").hidden = true; });
    box.addEventListener("focus", search);
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); moveFocus(event.key === "ArrowDown" ? 1 : -1); }
      else if (event.key === "Enter" && focusOn >= 0) choose(byId("results").rows[focusOn]);
      else if (event.key === "Escape") { box.value = ""; search(); box.blur(); }
      event.stopPropagation();
    });
  }

  function droneRow(drone) {
    const air = drone.sorties.reduce((sum, s) => sum + s.legs.reduce((n, leg) => n + leg.to - leg.from, 0), 0);
    const status = make("p.drone-now", {}), isOpen = state.selected && state.selected.kind === "drone" && state.selected.id === drone.id;
    const box = make("input", { type: "checkbox", "aria-label": `${drone.id} ${text(drone.type)}`, onchange: (event) => show(drone.id, event.target.checked) });
    box.checked = !state.hidden.has(drone.id);
    const row = make("li.drone", { style: `--tone:${drone.colour}`, "data-drone": drone.id }, make("label.swatch", {}, box, make("span", {})),
      make("button.drone-main", { type: "button", "aria-expanded": String(Boolean(isOpen)), onclick: () => (isOpen ? day.select(null) : day.select("drone", drone.id)) },
        make("span.drone-head", {}, make("b", {}, drone.id), make("span", {}, text(drone.type))),
        make("span.drone-count", {}, drone.sorties.length ? `${say(drone.sorties.length === 1 ? "oneSortie" : "nSorties", { n: drone.sorties.length })} · ${day.span(air)}` : say("unused")), status),
      isOpen ? make("div.drone-sorties", {}, ...drone.sorties.map(details.sortieButton)) : null);
    live.push(() => { const now = flights.sentence(drone); status.textContent = drone.sorties.length ? now.text : ""; row.classList.toggle("is-flying", now.isFlying); });
    return row;
  }
  function show(id, isShown) { if (isShown) state.hidden.delete(id); else state.hidden.add(id); day.tell("filter"); }
  function showAll(isShown) { state.hidden = new Set(isShown ? [] : scene.drones.map((d) => d.id)); day.tell("filter"); draw(); }
  function dronesTab() {
    return [make("div.list-tools", {}, make("button.link", { type: "button", onclick: () => showAll(true) }, say("all")), make("button.link", { type: "button", onclick: () => showAll(false) }, say("none"))),
      make("ul.drones", {}, ...scene.drones.map(droneRow))];
  }

  const kindOf = (order) => (order.sortie ? order.tier : "unserved");
  function ordersTab() {
    const tiers = ["all", "stat", "urgent", "routine", "unserved"];
    const count = (key) => scene.orders.filter((o) => key === "all" || (key === "unserved" ? !o.sortie : o.tier === key)).length;
    const rows = scene.orders.filter((o) => tier === "all" || (tier === "unserved" ? !o.sortie : o.tier === tier)).sort((a, b) => a.ready - b.ready);
    return [make("div.tiers", { role: "group" }, ...tiers.filter((key) => key === "all" || count(key)).map((key) => make("button.tier", {
      type: "button", "aria-pressed": String(tier === key), style: `--tone:${scene.tierColours[key] || "#4a5963"}`, onclick: () => { tier = key; draw(); } },
    key === "all" ? say("allTiers") : say(key), make("small", {}, String(count(key)))))),
    rows.length ? make("ul.orders", {}, ...rows.slice(0, LIMIT).map(orderRow)) : make("p.none", {}, say("noOrders")),
    rows.length > LIMIT ? make("p.none", {}, say("more", { n: rows.length - LIMIT })) : null].filter(Boolean);
  }
  function orderRow(order) {
    const isChosen = state.selected && state.selected.kind === "order" && state.selected.id === order.id;
    return make("li", {}, make(`button.order.is-${kindOf(order)}`, { type: "button", "aria-pressed": String(Boolean(isChosen)), "data-order": order.id, style: `--tone:${scene.tierColours[order.tier]}`, onclick: () => day.select("order", order.id) },
      make("span.order-head", {}, make("b", {}, order.id), make("span", {}, text(order.product)), make("time", {}, order.received == null ? say("unserved") : day.clock(order.received))),
      make("span.order-way", {}, `${day.clock(order.ready)} ${day.siteName(order.origin)} → ${day.siteName(order.destination)}`)));
  }

  function layersTab() {
    const names = { lanes: "lanesLayer", trails: "trails", names: "names", direct: "direct", zones: "zonesLayer", labels: "labels", rings: "rings" };
    const toggles = Object.entries(names).map(([key, word]) => {
      const box = make("input", { type: "checkbox", "data-layer": key, onchange: (event) => { state.layers[key] = event.target.checked; day.tell("layers"); } });
      box.checked = state.layers[key];
      return make("li", {}, make("label.toggle", {}, box, make("span", {}, say(word))));
    });
    return [make("ul.layers", {}, ...toggles), ...heightFilter(), make("h3", {}, say("legend")), legend(), make("p.keys", {}, say("help"))];
  }
  // The altitude layers: how many flights each has, which are shown, and flights in their colours.
  function heightFilter() {
    if (day.heights.size < 2) return [];
    const legs = scene.sorties.flatMap((sortie) => sortie.legs);
    const row = (box, colour, word) => make("li", {}, make("label.toggle", {}, box, colour ? make("i.height", { style: `--tone:${colour}` }) : null, make("span", {}, word)));
    const paint = make("input", { type: "checkbox", "data-layer": "heights", onchange: (event) => { state.layers.heights = event.target.checked; day.tell("layers"); draw(); } });
    paint.checked = state.layers.heights;
    const levels = [...day.heights].reverse().map(([metres, colour]) => {
      const box = make("input", { type: "checkbox", "data-height": metres, onchange: (event) => { if (event.target.checked) state.hiddenHeights.delete(metres); else state.hiddenHeights.add(metres); day.tell("layers"); } });
      box.checked = !state.hiddenHeights.has(metres);
      const count = legs.filter((leg) => leg.agl === metres).length;
      return row(box, colour, say(count === 1 ? "heightOne" : "height", { m: metres, n: count }));
    });
    return [make("h3", {}, say("heights")), make("ul.layers", {}, row(paint, null, say("byHeight")), ...levels)];
  }
  // On paper: who flies in which colour, and what the marks mean.
  function printLegend() {
    const drones = scene.drones.filter((drone) => drone.sorties.length && !state.hidden.has(drone.id));
    byId("print-legend").replaceChildren(...drones.map((drone) => make("span", { style: `--tone:${drone.colour}` }, make("i", {}), `${drone.id} ${text(drone.type)}`)),
      ...[...legend().children].map((item) => make("span", {}, ...item.childNodes)));
  }
  function legend() {
    const kinds = [...new Set(scene.sites.map((s) => s.kind))], rules = [...new Set(scene.zones.map((z) => z.rule))];
    const row = (picture, word) => { const item = make("li", {}, make("span.key", {}), make("span", {}, word)); item.firstChild.innerHTML = picture; return item; };
    const hatch = (rule) => `<svg width="26" height="18"><rect x="1" y="1" width="24" height="16" rx="3" fill="url(#hatch-${rule})" stroke="${scene.zoneColours[rule]}" stroke-width="1.6"/></svg>`;
    return make("ul.legend", {}, ...["hub", "hospital", "township", "village"].filter((k) => kinds.includes(k)).map((kind) => row(siteLayer.picture(kind, false, 26), say(kind))),
      row(siteLayer.picture("township", true, 26), say("base")), ...rules.map((rule) => row(hatch(rule), say(rule))),
      ...(scene.zones.some((z) => z.illustrative) ? [row('<svg width="26" height="18"><rect x="1.5" y="1.5" width="23" height="15" rx="3" fill="none" stroke="#5d6b76" stroke-width="1.6" stroke-dasharray="5 3"/></svg>', say("illustrativeLong"))] : []),
      row('<svg width="26" height="18"><path d="M1 9h24" stroke="#3c4a54" stroke-width="1.6" stroke-dasharray="2 5" stroke-linecap="round"/></svg>', say("direct")),
      ...(scene.groundings.length ? [row('<svg width="26" height="18"><rect x="1" y="1" width="24" height="16" rx="3" fill="#c92a2a" fill-opacity=".26"/></svg>', say("noFlying"))] : []));
  }

  function draw() {
    live = [];
    const body = byId("tab-body"), kept = body.scrollTop;
    body.replaceChildren(...{ drones: dronesTab, orders: ordersTab, layers: layersTab }[tab]());
    body.scrollTop = kept;
    ["drones", "orders", "layers"].forEach((name) => {
      const node = byId(`tab-${name}`);
      node.setAttribute("aria-selected", String(name === tab));
      node.tabIndex = name === tab ? 0 : -1;
    });
    body.setAttribute("aria-labelledby", `tab-${tab}`);
    byId("count-drones").textContent = scene.drones.length;
    byId("count-orders").textContent = scene.orders.length;
    tick();
  }
  function open(name) { tab = name; byId("tab-body").scrollTop = 0; draw(); }
  function tick() { live.forEach((update) => update()); }
  function wireTabs() {
    const names = ["drones", "orders", "layers"];
    names.forEach((name, i) => {
      byId(`tab-${name}`).addEventListener("click", () => open(name));
      byId(`tab-${name}`).addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = names[(i + step + names.length) % names.length];
        open(next);
        byId(`tab-${next}`).focus();
        event.preventDefault();
      });
    });
  }
  function start() { wireSearch(); wireTabs(); head(); draw(); }
  return { start, head, draw, tick, open, printLegend };
})();
