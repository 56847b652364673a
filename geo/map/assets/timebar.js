// The time: slider, clock, playing, and behind the slider how many drones are in the air and night.
const timebar = (() => {
  const SPEEDS = [30, 60, 120, 300, 600, 1200];
  const QUIET_FACTOR = 8;
  let speed = 120, isPlaying = false, before = 0, lastTick = 0;
  const slider = byId("slider");

  function wire() {
    Object.assign(slider, { min: day.first, max: day.last, step: 10 });
    slider.addEventListener("input", () => day.setTime(Number(slider.value)));
    byId("play").addEventListener("click", toggle);
    byId("speed").addEventListener("change", (event) => { speed = Number(event.target.value); });
    window.addEventListener("resize", chart);
    relabel();
  }
  function relabel() {
    slider.setAttribute("aria-label", day.say("time"));
    byId("speed").setAttribute("aria-label", day.say("speed"));
    byId("speed").replaceChildren(...SPEEDS.map((s) => {
      const option = day.make("option", { value: s }, day.say("perSecond", { n: s / 60 }));
      option.selected = s === speed;
      return option;
    }));
    showPlaying();
    chart();
    show();
  }
  function showPlaying() {
    const button = byId("play");
    button.classList.toggle("is-playing", isPlaying);
    button.setAttribute("aria-label", day.say(isPlaying ? "pause" : "play"));
    button.title = day.say("help");
  }
  function toggle() {
    isPlaying = !isPlaying;
    if (isPlaying && day.state.time >= day.last) day.setTime(day.first);
    before = performance.now();
    showPlaying();
    if (isPlaying) requestAnimationFrame(frame);
  }
  function frame(now) {
    if (!isPlaying) return;
    const factor = day.airborneAt(day.state.time).length ? 1 : QUIET_FACTOR;
    const passed = Math.min(0.1, (now - before) / 1000);
    before = now;
    day.setTime(day.state.time + passed * speed * factor);
    if (day.state.time >= day.last) toggle();
    else requestAnimationFrame(frame);
  }
  function faster(step) {
    speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(speed) + step))];
    byId("speed").value = String(speed);
  }
  function show() {
    const { time } = day.state, count = day.airborneAt(time).length;
    slider.value = String(time);
    slider.setAttribute("aria-valuetext", day.clock(time));
    byId("clock").textContent = day.clock(time);
    document.body.classList.toggle("is-night", day.isNight(time));
    byId("sun").textContent = day.say(day.isNight(time) ? "sunDown" : "sunUp");
    byId("airborne").textContent = count ? day.say("airborne", { n: count }) : day.say("quiet");
    byId("cursor").style.left = `${((time - day.first) / (day.last - day.first)) * 100}%`;
    weather();
    const now = performance.now();
    if (now - lastTick > 200 || !isPlaying) { lastTick = now; panel.tick(); }
  }
  function weather() {
    const rows = scene.weather.filter(([start]) => start <= day.state.time), row = rows[rows.length - 1] || scene.weather[0];
    byId("weather").hidden = !row;
    if (!row) return;
    const [, wind, from, gust, warmth, rain, sight] = row, rose = day.say("compass");
    const air = wind < 0.3 ? day.say("calm", { t: +warmth.toFixed(1) }) : day.say("windFrom", { d: rose[Math.round(from / 45) % 8], n: +wind.toFixed(1), g: +gust.toFixed(1), t: +warmth.toFixed(1) });
    byId("wind-words").textContent = [air, rain && day.say("rain", { n: rain }), sight != null && day.say("sight", { n: +(sight / 1000).toFixed(1) })].filter(Boolean).join(" · ");
    grounded();
    byId("wind-arrow").style.transform = `rotate(${from + 180}deg)`;
    byId("wind-arrow").style.visibility = wind < 0.3 ? "hidden" : "visible";
  }

  // Which drone types the weather keeps on the ground now, those alike in one line.
  function grounded() {
    const lines = new Map();
    scene.groundings.filter(([a, b]) => a <= day.state.time && day.state.time < b).forEach(([, until, type, reason]) => {
      const key = `${until} ${reason}`;
      lines.set(key, { until, reason, types: [...(lines.get(key)?.types || []), day.text(type)] });
    });
    byId("grounded").replaceChildren(...[...lines.values()].map(({ until, reason, types }) =>
      day.make("li", {}, day.say("grounded", { d: types.join(day.say("comma")), t: until === 86400 ? "24:00" : day.clock(until), r: day.text(reason) }))));
  }

  // Drones in the air over the day as steps, the nights as shade, the selection as bars.
  function chart() {
    const W = 1000, H = 46, x = (t) => (((t - day.first) / (day.last - day.first)) * W).toFixed(1);
    const shown = scene.sorties.filter((s) => !day.state.hidden.has(s.drone));
    const events = shown.flatMap((s) => [[s.start, 1], [s.end, -1]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let count = 0, most = 1;
    const steps = [[day.first, 0]];
    events.forEach(([t, change]) => { steps.push([t, count]); count += change; most = Math.max(most, count); steps.push([t, count]); });
    steps.push([day.last, 0]);
    const y = (n) => (H - (n / most) * (H - 8)).toFixed(1);
    const outline = steps.map(([t, n]) => `${x(t)},${y(n)}`).join(" ");
    const nights = nightSpans().map(([a, b]) => `<rect x="${x(a)}" y="0" width="${(x(b) - x(a)).toFixed(1)}" height="${H}" class="night"/>`).join("");
    const chosen = day.chosenSorties();
    const bars = chosen && chosen.size < 60 ? shown.filter((s) => chosen.has(s.id)).map((s) =>
      `<rect x="${x(s.start)}" y="${H - 6}" width="${Math.max(2, x(s.end) - x(s.start)).toFixed(1)}" height="6" fill="${s.colour}"/>`).join("") : "";
    const barred = scene.groundings.filter(([a, b]) => b > day.first && a < day.last).map(([a, b]) =>
      `<rect x="${x(Math.max(a, day.first))}" y="0" width="${(x(Math.min(b, day.last)) - x(Math.max(a, day.first))).toFixed(1)}" height="${H}" class="barred"/>`).join("");
    byId("chart").innerHTML = `<svg viewBox="0 0 ${W} ${H}" preserveAspectRatio="none" aria-hidden="true">${nights}${barred}<polygon points="${x(day.first)},${H} ${outline} ${x(day.last)},${H}" class="area"/>${bars}</svg>`;
    byId("hours").replaceChildren(...hourMarks());
    byId("winds").replaceChildren(...windMarks());
    byId("chart").title = day.say("airTitle");
  }
  function nightSpans() {
    const spans = [];
    for (let midnight = -86400; midnight < day.last; midnight += 86400) {
      const from = Math.max(day.first, midnight + scene.sunset), to = Math.min(day.last, midnight + 86400 + scene.sunrise);
      if (from < to) spans.push([from, to]);
    }
    return spans;
  }
  function hourMarks() {
    const room = byId("chart").clientWidth || 600, length = day.last - day.first;
    const step = [3600, 7200, 10800, 14400, 21600].find((s) => (length / s) * 52 < room) || 21600;
    const marks = [];
    for (let t = Math.ceil(day.first / step) * step; t <= day.last; t += step) {
      const share = (t - day.first) / length;
      if (share > 0.015 && share < 0.985) marks.push(day.make("span", { style: `left:${share * 100}%` }, day.clock(t).replace(/^\S+ /, "")));
    }
    return marks;
  }
  // Where the weather changes during the day: an arrow for each period, longer in stronger wind.
  function windMarks() {
    const rows = scene.weather, length = day.last - day.first;
    if (rows.length < 2) return [];
    return rows.map(([start, wind, from, gust], i) => {
      const begin = Math.max(day.first, start), end = Math.min(day.last, i + 1 < rows.length ? rows[i + 1][0] : day.last);
      if (end <= begin) return null;
      const size = Math.min(18, 7 + wind);
      const mark = day.make("i", { style: `left:${(((begin + end) / 2 - day.first) / length) * 100}%;width:${size}px;height:${size}px;transform:translate(-50%,-50%) rotate(${from + 180}deg)`,
        "data-gust": gust });
      mark.innerHTML = '<svg viewBox="0 0 10 10"><path d="M5 9.500V.8M5 .8 2.600 3.800M5 .8l2.400 3"/></svg>';
      return mark;
    }).filter(Boolean);
  }
  function stop() { if (isPlaying) toggle(); }
  return { wire, relabel, show, chart, toggle, faster, stop };
})();
