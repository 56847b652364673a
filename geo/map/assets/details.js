// The card of what is selected: a sortie with its stops, or an order with its times.
const details = (() => {
  const { make, say, text } = day;
  const card = byId("details");
  const hasLayers = new Set(scene.sorties.flatMap((sortie) => sortie.legs.map((leg) => leg.layer))).size > 1;

  function chip(order) {
    return make("button.chip", { type: "button", onclick: () => day.select("order", order.id), style: `--tone:${scene.tierColours[order.tier]};--tint:${scene.tierColours[order.tier]}1c` },
      order.id, make("small", {}, text(order.product)));
  }
  function sortieButton(sortie) {
    return make("button.sortie-button", { type: "button", style: `--tone:${sortie.colour}`, onclick: () => openSortie(sortie) },
      make("b", {}, sortie.id), `${day.clock(sortie.start)}–${day.clock(sortie.end)}`);
  }
  function openSortie(sortie) {
    if (day.state.time < sortie.start || day.state.time > sortie.end) day.setTime(sortie.start);
    day.select("sortie", sortie.id);
  }
  function head(kind, title, note, colour) {
    return make("header.card-head", { style: `--tone:${colour}` },
      make("div", {}, make("p", {}, kind), make("h2", {}, title), make("p.card-note", {}, note)),
      make("button.icon-button", { type: "button", "aria-label": say("close"), title: `${say("close")} (Esc)`, onclick: () => day.select(null) }, "×"));
  }
  function bar(label, value, share, note, tone) {
    return make("div.meter", {}, make("div.meter-row", {}, make("span", {}, label), make("b", {}, value)),
      make("div.meter-track", {}, make("div", { style: `width:${Math.min(100, Math.max(0, share * 100))}%;background:${tone}` })), make("small", {}, note));
  }
  function energy(sortie) {
    const share = sortie.used / sortie.usable;
    return bar(say("energy"), say("margin", { n: day.percent(sortie.usable - sortie.used) }), share,
      say("energyOf", { used: day.percent(sortie.used), usable: day.percent(sortie.usable) }), share > 0.95 ? "#c46a00" : "#0b6b63");
  }
  function list(label, ids) {
    return !ids.length ? null : make("div.handed", {}, make("span", {}, label), ...ids.map((id) => (day.orders.has(id) ? chip(day.orders.get(id)) : make("span.chip", {}, id))));
  }
  function stop(row) {
    const times = [row.landing, row.takeoff].filter((t) => t != null).map((t) => day.clock(t)).join(" – ");
    return make("li.stop", {}, make("div.stop-row", {},
      make("button.link", { type: "button", onclick: () => { if (day.sites.has(row.site)) { siteLayer.open(row.site); day.select("site", row.site); } } }, day.siteName(row.site)), make("time", {}, times)),
      list(say("unload"), row.unloaded), list(say("load"), row.loaded));
  }
  function legRow(leg) {
    const words = say("leg", { km: (leg.m / 1000).toFixed(1), load: leg.kg > 0 ? `${leg.kg.toFixed(1)} kg` : say("empty"), pack: day.percent(leg.pack), agl: leg.agl }) + (hasLayers ? ` · ${say("layer", { n: leg.layer + 1 })}` : "");
    return make("li.leg", {}, words, leg.profile && profile(leg.profile));
  }
  // Ground as an area, flight height as a line, over the distance flown.
  function profile(points) {
    const W = 260, H = 54, heights = points.flatMap(([, ground, flight]) => [ground, flight]);
    const low = Math.min(...heights), high = Math.max(...heights), reach = points[points.length - 1][0] || 1;
    const x = (d) => ((d / reach) * W).toFixed(1), y = (h) => (H - 4 - ((h - low) / (high - low || 1)) * (H - 10)).toFixed(1);
    const ground = points.map(([d, g]) => `${x(d)},${y(g)}`).join(" "), flight = points.map(([d, , f]) => `${x(d)},${y(f)}`).join(" ");
    const box = make("figure.profile", {});
    box.innerHTML = `<svg viewBox="0 0 ${W} ${H}" role="img"><polygon points="0,${H} ${ground} ${W},${H}" class="ground"/><polyline points="${flight}" class="flight"/></svg>`;
    box.firstChild.setAttribute("aria-label", say("profile"));
    box.append(make("figcaption", {}, `${say("profile")} · ${Math.round(low)}–${Math.round(high)} m`));
    return box;
  }
  function sortieCard(sortie) {
    const drone = day.drones.get(sortie.drone), others = lanes.besides(sortie);
    const steps = sortie.stops.flatMap((row, i) => (i < sortie.legs.length ? [stop(row), legRow(sortie.legs[i])] : [stop(row)]));
    return [head(`${say("sortie")}${sortie.fixed ? ` · ${say("fixed")}` : ""}`, sortie.id, `${sortie.drone} · ${text(drone.type)} · ${day.clock(sortie.start)}–${day.clock(sortie.end)}`, sortie.colour),
      energy(sortie), siteLayer.facts(sortie.facts), make("ol.stops", { style: `--tone:${sortie.colour}` }, ...steps),
      others.length ? make("section.others", {}, make("h3", {}, say("onPath")), make("div", {}, ...others.slice(0, 12).map(sortieButton))) : null];
  }
  function moments(order) {
    return [["ready", order.ready], ["picked", order.picked], ["received", order.received], ["target", order.target], ["deadline", order.deadline]]
      .filter(([, t]) => t != null).sort((a, b) => a[1] - b[1]);
  }
  function slack(order) {
    if (order.received == null) return null;
    const spare = order.deadline - order.received, whole = order.deadline - order.ready || 1;
    const late = order.target == null ? 0 : Math.max(0, order.received - order.target);
    return bar(say("slack"), say("spare", { n: Math.floor(spare / 60) }), (order.received - order.ready) / whole,
      late > 0 ? say("late", { n: Math.ceil(late / 60) }) : "", late > 0 ? "#c46a00" : "#0b6b63");
  }
  function orderCard(order) {
    const sortie = order.sortie && day.sorties.get(order.sortie);
    return [head(`${say("order")} · ${say(order.tier)}`, order.id, text(order.product), scene.tierColours[order.tier]),
      make("p.way", {}, day.siteName(order.origin), make("span", {}, " → "), day.siteName(order.destination)),
      order.reason != null ? make("p.reason", {}, make("b", {}, say("stays")), text(order.reason)) : null,
      slack(order),
      make("ol.moments", {}, ...moments(order).map(([key, t]) => make(`li.moment-${key}`, {}, make("span", {}, say(key)), make("time", {}, day.clock(t))))),
      siteLayer.facts(order.facts),
      sortie ? make("section.others", {}, make("h3", {}, say("carriedBy")), make("div", {}, sortieButton(sortie))) : null];
  }
  function show() {
    const { selected } = day.state;
    const isCard = selected && (selected.kind === "sortie" || selected.kind === "order");
    card.hidden = !isCard;
    document.body.classList.toggle("has-card", Boolean(isCard));
    if (!isCard) return;
    card.replaceChildren(...(selected.kind === "sortie" ? sortieCard(day.sorties.get(selected.id)) : orderCard(day.orders.get(selected.id))).filter(Boolean));
    card.scrollTop = 0;
  }
  return { show, openSortie, sortieButton };
})();
