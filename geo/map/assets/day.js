// The day as the page knows it: the scene indexed, the state that a user changes, who listens.
const day = (() => {
  const index = (rows) => new Map(rows.map((row) => [row.id, row]));
  const sites = index(scene.sites), drones = index(scene.drones);
  const sorties = index(scene.sorties), orders = index(scene.orders);
  const state = {
    language: startLanguage, time: 0, selected: null, hidden: new Set(), hiddenHeights: new Set(),
    layers: { lanes: true, zones: true, labels: true, names: true, trails: true, direct: true, rings: true, heights: false },
  };
  const listeners = {};
  scene.drones.forEach((drone) => { drone.sorties = []; });
  scene.sorties.forEach((sortie) => {
    sortie.start = sortie.legs[0].from;
    sortie.end = sortie.legs[sortie.legs.length - 1].to;
    sortie.colour = drones.get(sortie.drone).colour;
    drones.get(sortie.drone).sorties.push(sortie);
  });
  scene.drones.forEach((drone) => drone.sorties.sort((a, b) => a.start - b.start));

  // Heights above ground that are flown, with their colours, from low to high.
  const heights = new Map(scene.heightColours);
  const isShown = (leg) => !state.hidden.has(leg.sortie.drone) && !state.hiddenHeights.has(leg.agl);
  const colourOf = (leg) => (state.layers.heights ? heights.get(leg.agl) : leg.sortie.colour);

  const starts = scene.sorties.map((sortie) => sortie.start);
  const ends = scene.sorties.map((sortie) => sortie.end);
  const first = starts.length ? Math.floor((Math.min(...starts) - 300) / 1800) * 1800 : 0;
  const last = ends.length ? Math.ceil((Math.max(...ends) + 300) / 1800) * 1800 : 86400;

  function on(event, listener) { (listeners[event] = listeners[event] || []).push(listener); }
  function tell(event) { (listeners[event] || []).forEach((listener) => listener()); }
  function text(place) { return scene.texts[place][state.language === "zh" ? 0 : 1]; }
  function say(key, values) {
    const word = WORDS[state.language][key];
    return values ? word.replace(/\{(\w+)\}/g, (_, name) => values[name]) : word;
  }
  function siteName(id) { return sites.has(id) ? text(sites.get(id).name) : id; }
  function clock(seconds) {
    const minutes = Math.floor(seconds / 60), inDay = ((minutes % 1440) + 1440) % 1440;
    const written = `${String(Math.floor(inDay / 60)).padStart(2, "0")}:${String(inDay % 60).padStart(2, "0")}`;
    return minutes >= 1440 ? say("nextDay", { t: written }) : written;
  }
  function span(seconds) {
    const minutes = Math.round(seconds / 60);
    return minutes < 60 ? say("minutes", { n: minutes }) : say("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
  }
  function percent(share) { return `${Math.round(share * 1000) / 10}%`; }
  function isNight(seconds) {
    const inDay = ((seconds % 86400) + 86400) % 86400;
    return inDay < scene.sunrise || inDay > scene.sunset;
  }
  function isActive(zone, seconds) {
    return !zone.active.length || zone.active.some(([from, to]) => seconds >= from && seconds < to);
  }
  function airborneAt(seconds) {
    return scene.sorties.filter((s) => s.start <= seconds && seconds <= s.end && !state.hidden.has(s.drone));
  }
  // Sorties that the selection is about; null when nothing is selected.
  function chosenSorties() {
    const { selected } = state;
    if (!selected) return null;
    if (selected.kind === "sortie") return new Set([selected.id]);
    if (selected.kind === "order") return new Set([orders.get(selected.id).sortie].filter(Boolean));
    if (selected.kind === "drone") return new Set(drones.get(selected.id).sorties.map((s) => s.id));
    return new Set(scene.sorties.filter((s) => s.stops.some((stop) => stop.site === selected.id)).map((s) => s.id));
  }
  function select(kind, id) { state.selected = kind ? { kind, id } : null; tell("selection"); }
  function setTime(seconds) { state.time = Math.min(last, Math.max(first, seconds)); tell("time"); }
  function setLanguage(language) {
    state.language = language;
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = `${text(scene.title)} · ${scene.date}`;
    tell("language");
  }
  // Builds an element: make("button.chip", {onclick}, "text", child, ...).
  function make(kind, attributes, ...children) {
    const [tag, ...classes] = kind.split(".");
    const node = document.createElement(tag);
    if (classes.length) node.className = classes.join(" ");
    Object.entries(attributes || {}).forEach(([name, value]) => {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "style") node.style.cssText = value;
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    });
    node.append(...children.filter((child) => child != null && child !== false));
    return node;
  }
  return { scene, sites, drones, sorties, orders, heights, isShown, colourOf, state, first, last, on, tell, text, say, siteName, clock, span,
    percent, isNight, isActive, airborneAt, chosenSorties, select, setTime, setLanguage, make };
})();
const byId = (id) => document.getElementById(id);
