// Before and after on one map: routes and sites of two plans, and what changed between them.
(() => {
  "use strict";
  const scene = /*SCENE*/;
  const COLOURS = { new: "#0b8a5f", gone: "#c92a2a", more: "#2563c9", fewer: "#c46a00", same: "#8795a3" };
  const byId = (id) => document.getElementById(id);
  const views = scene.areas.length ? ["before", "after"] : ["before", "after", "changes"];
  const state = { lang: scene.lang, plan: 1, view: views[views.length - 1] };
  const say = (text) => text[state.lang === "zh" ? 0 : 1];
  const map = L.map("map", { attributionControl: false, zoomSnap: 0.25 });
  const layers = L.layerGroup().addTo(map);
  const flip = ([lon, lat]) => [lat, lon];
  L.control.scale({ imperial: false }).addTo(map);

  const keyOf = (route) => route[0].slice().sort().join("|");
  const routesOf = (plan) => new Map(plan.routes.map((route) => [keyOf(route), route]));
  // One line for each pair of sites: how often it is flown before and after, and what that makes it.
  function changesBetween(before, after) {
    const old = routesOf(before), now = routesOf(after), changes = [];
    new Set([...old.keys(), ...now.keys()]).forEach((key) => {
      const was = old.get(key), is = now.get(key);
      const from = was ? was[2] : 0, to = is ? is[2] : 0;
      let kind = "same";
      if (!was) kind = "new"; else if (!is) kind = "gone"; else if (to > from) kind = "more"; else if (to < from) kind = "fewer";
      changes.push({ ends: (is || was)[0], path: (is || was)[1], from, to, kind });
    });
    return changes;
  }
  function escaped(text) { const node = document.createElement("span"); node.textContent = text; return node.innerHTML; }
  function siteName(id) {
    const site = [...scene.plans[state.plan].sites, ...scene.plans[0].sites].find((one) => one[0] === id);
    return site ? say(site[1]) : id;
  }
  function drawRoute(change) {
    const isShown = state.view === "changes" || (state.view === "before" ? change.from : change.to) > 0;
    if (!isShown) return;
    const flights = state.view === "before" ? change.from : state.view === "after" ? change.to : Math.max(change.from, change.to);
    const colour = state.view === "changes" ? COLOURS[change.kind] : "#3b6f8c";
    const line = L.polyline(change.path.map(flip), {
      color: colour, weight: 1.5 + Math.min(7, Math.sqrt(flights) * 1.4), opacity: change.kind === "same" && state.view === "changes" ? 0.45 : 0.85,
      dashArray: state.view === "changes" && change.kind === "gone" ? "6 7" : null,
    });
    const ends = change.ends.map(siteName).map(escaped).join(" – ");
    line.bindPopup(`<b>${ends}</b><br>${escaped(say(scene.words.flights))}: ${change.from} → ${change.to}`);
    layers.addLayer(line);
  }
  function drawSites(before, after) {
    const old = new Set(before.sites.map((site) => site[0])), now = new Set(after.sites.map((site) => site[0]));
    const shown = state.view === "before" ? before.sites : state.view === "after" ? after.sites : [...after.sites, ...before.sites.filter((site) => !now.has(site[0]))];
    const marks = [];
    shown.forEach(([id, name, kind, lon, lat, isBase, facts]) => {
      const isNew = !old.has(id), isGone = !now.has(id);
      const colour = isNew ? COLOURS.new : isGone ? COLOURS.gone : "#1f3a5f";
      if (isNew && state.view !== "before") layers.addLayer(L.circleMarker([lat, lon], { radius: 15, stroke: false, fillColor: colour, fillOpacity: 0.25, interactive: false }));
      const radius = kind === "hub" ? 9 : isBase ? 7 : 5;
      const mark = L.circleMarker([lat, lon], { radius, color: "#fff", weight: 2, fillColor: colour, fillOpacity: 1 });
      mark.bindTooltip(escaped(say(name)), { permanent: map.getZoom() >= 10.5 || isNew || isGone || isBase, direction: "right", offset: [radius - 4, 0], className: "place" });
      mark.bindPopup(`<b>${escaped(say(name))}</b><br>${escaped(say(facts))}`);
      layers.addLayer(mark);
      marks.push([isNew || isGone ? 0 : kind === "hub" ? 1 : isBase ? 2 : 3, mark]);
    });
    thinOut(marks.sort((a, b) => a[0] - b[0]).map((one) => one[1].getTooltip()).filter((one) => one.options.permanent));
  }
  // Names that would lie over a more important one wait for a closer look, or for the pointer.
  function thinOut(names) {
    const kept = [];
    names.forEach((name) => {
      const node = name.getElement(), box = node.getBoundingClientRect();
      const isFree = kept.every((one) => box.right < one.left || box.left > one.right || box.bottom - 3 < one.top || box.top + 3 > one.bottom);
      if (isFree) kept.push(box);
      else {
        node.classList.add("waits");
        name._source.on("mouseover", () => node.classList.remove("waits"));
        name._source.on("mouseout", () => node.classList.add("waits"));
      }
    });
  }
  function drawZones(zones) {
    zones.forEach(([, name, rule, polygons]) => {
      const colour = scene.zoneColours[rule];
      const shape = L.polygon(polygons.map((rings) => rings.map((ring) => ring.map(flip))), { color: colour, weight: 1, fillOpacity: 0.12 });
      shape.bindPopup(`<b>${escaped(say(name))}</b>`);
      layers.addLayer(shape);
    });
  }
  function drawLegend(changes) {
    if (scene.areas.length) {
      byId("legend").replaceChildren(...scene.areas.map(([name, opacity]) => {
        const row = document.createElement("li"), colour = scene.zoneColours.advisory;
        row.innerHTML = `<svg width="30" height="14"><rect x="1" y="1" width="28" height="12" fill="${colour}" fill-opacity="${opacity}" stroke="${colour}"/></svg>`;
        row.append(say(name));
        return row;
      }));
      return;
    }
    const kinds = ["new", "gone", "more", "fewer", "same"].filter((kind) => changes.some((change) => change.kind === kind));
    byId("legend").hidden = state.view !== "changes";
    byId("legend").replaceChildren(...kinds.map((kind) => {
      const row = document.createElement("li");
      row.innerHTML = `<svg width="30" height="8"><path d="M0 4H30" stroke="${COLOURS[kind]}" stroke-width="4" ${kind === "gone" ? 'stroke-dasharray="6 5"' : ""}/></svg>`;
      row.append(`${say(scene.words[kind])} (${changes.filter((change) => change.kind === kind).length})`);
      return row;
    }));
  }
  function draw() {
    const before = scene.plans[0], after = scene.plans[state.plan];
    const changes = changesBetween(before, after);
    layers.clearLayers();
    drawZones(state.view === "before" ? before.zones : after.zones);
    changes.forEach(drawRoute);
    drawSites(before, after);
    drawLegend(changes);
    byId("title").textContent = say(scene.title);
    document.title = say(scene.title);
    document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
    byId("say-compare").textContent = say(scene.words.compare);
    byId("note").textContent = say(state.view === "before" ? before.note : after.note);
    byId("notices").textContent = scene.notices.map(say).join(" ");
    byId("language").textContent = state.lang === "zh" ? "English" : "中文";
    views.forEach((view) => {
      byId(view).textContent = say(scene.words[view]);
      byId(view).setAttribute("aria-pressed", String(state.view === view));
    });
    [...byId("scenario").options].forEach((option, at) => { option.textContent = say(scene.plans[at + 1].name); });
    window.comparison = { view: state.view, plan: state.plan, changes };
  }
  scene.plans.slice(1).forEach((_, at) => byId("scenario").append(new Option("", String(at + 1))));
  byId("scenario").addEventListener("change", (event) => { state.plan = Number(event.target.value); draw(); });
  byId("changes").hidden = !views.includes("changes");
  byId("choice").hidden = scene.areas.length > 0;
  views.forEach((view) => byId(view).addEventListener("click", () => { state.view = view; draw(); }));
  byId("language").addEventListener("click", () => { state.lang = state.lang === "zh" ? "en" : "zh"; draw(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || /^(BUTTON|SELECT)$/.test(event.target.tagName)) return;
    event.preventDefault();
    state.view = state.view === "before" ? "after" : "before";
    draw();
  });
  const places = scene.plans.flatMap((plan) => plan.sites.map((site) => [site[4], site[3]]));
  map.fitBounds(L.latLngBounds([...places, ...scene.outline.map(flip)]), { padding: [20, 20], animate: false });
  if (scene.outline.length) L.polygon(scene.outline.map(flip), { interactive: false, color: "#9fb0c3", weight: 1.5, fillColor: "#fff", fillOpacity: 1 }).addTo(map);
  map.on("zoomend", draw);
  draw();
  document.body.classList.add("is-ready");
})();
