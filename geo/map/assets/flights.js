// The drones in motion: where each is at the day's time, its trail and its name.
const flights = (() => {
  const TRAIL_S = 420, TRAIL_STEPS = 14;
  const seen = new Map();

  // What a sortie does at a time: on a leg (share flown) or standing at a stop between two legs.
  function stateOf(sortie, seconds) {
    for (let i = 0; i < sortie.legs.length; i += 1) {
      const leg = sortie.legs[i];
      if (seconds < leg.from) return { leg, share: 0, stop: sortie.stops[i], isFlying: false };
      if (seconds <= leg.to) return { leg, share: (seconds - leg.from) / (leg.to - leg.from || 1), stop: sortie.stops[i + 1], isFlying: true };
    }
    return null;
  }
  function trail(context, sortie, doing, seconds) {
    const { leg } = doing, length = leg.to - leg.from || 1, reach = Math.min(doing.share, TRAIL_S / length);
    let before = lanes.placeOn(leg, doing.share - reach);
    for (let i = 1; i <= TRAIL_STEPS; i += 1) {
      const after = lanes.placeOn(leg, doing.share - reach + (reach * i) / TRAIL_STEPS);
      context.beginPath();
      context.moveTo(before[0], before[1]); context.lineTo(after[0], after[1]);
      context.globalAlpha = (i / TRAIL_STEPS) * 0.75;
      context.lineWidth = 2 + (4 * i) / TRAIL_STEPS;
      context.strokeStyle = day.colourOf(leg);
      context.stroke();
      before = after;
    }
    context.globalAlpha = 1;
  }
  function glyph(context, [x, y, heading], colour, isFlying) {
    context.save();
    context.translate(x, y);
    context.shadowColor = "rgba(20,30,38,0.35)"; context.shadowBlur = 5; context.shadowOffsetY = 2;
    context.fillStyle = "#fff";
    context.beginPath(); context.arc(0, 0, isFlying ? 11 : 8, 0, 7); context.fill();
    context.shadowColor = "transparent";
    context.fillStyle = colour;
    context.beginPath(); context.arc(0, 0, isFlying ? 9 : 6, 0, 7); context.fill();
    context.fillStyle = "#fff";
    context.beginPath();
    if (isFlying) {
      context.rotate(heading);
      context.moveTo(6, 0); context.lineTo(-4, -4.4); context.lineTo(-1.8, 0); context.lineTo(-4, 4.4); context.closePath();
    } else {
      context.rect(-2.4, -2.6, 1.7, 5.2); context.rect(0.7, -2.6, 1.7, 5.2);
    }
    context.fill();
    context.restore();
  }
  function nameplate(context, [x, y], sortie, doing) {
    const isHigh = day.state.layers.heights && doing.isFlying, colour = day.colourOf(doing.leg);
    const words = isHigh ? `${sortie.drone} ${doing.leg.agl} m` : sortie.drone;
    context.font = "600 11px system-ui, sans-serif";
    const width = context.measureText(words).width + 12, left = x + 13, top = y - 9;
    context.globalAlpha = 0.94;
    context.fillStyle = "#fff";
    context.beginPath();
    context.arc(left + 9, top + 9, 9, Math.PI / 2, -Math.PI / 2);
    context.arc(left + width - 9, top + 9, 9, -Math.PI / 2, Math.PI / 2);
    context.closePath();
    context.fill();
    context.lineWidth = 1; context.strokeStyle = colour; context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = colour; context.textBaseline = "middle";
    context.fillText(words, left + 6, top + 9.5);
  }
  function paint(context) {
    const { time, layers } = day.state, chosen = day.chosenSorties();
    seen.clear();
    const now = day.airborneAt(time).map((sortie) => ({ sortie, doing: stateOf(sortie, time) })).filter((row) => row.doing);
    now.forEach((row) => { row.at = lanes.placeOn(row.doing.leg, row.doing.share); });
    const isFaint = ({ sortie }) => chosen && !chosen.has(sortie.id);
    now.sort((a, b) => isFaint(b) - isFaint(a)).forEach((row) => {
      if (!row.at) return;
      const faint = isFaint(row);
      if (layers.trails && row.doing.isFlying && !faint) trail(context, row.sortie, row.doing);
      context.globalAlpha = faint ? 0.45 : 1;
      glyph(context, row.at, day.colourOf(row.doing.leg), row.doing.isFlying);
      context.globalAlpha = 1;
      if (layers.names && !faint && (chosen || map.getZoom() >= 9.5)) nameplate(context, row.at, row.sortie, row.doing);
      seen.set(row.sortie.id, row.at);
    });
  }
  function sortieAt([x, y]) {
    let best = null, bestPx = 15;
    seen.forEach((at, id) => {
      const px = Math.hypot(at[0] - x, at[1] - y);
      if (px < bestPx) { bestPx = px; best = day.sorties.get(id); }
    });
    return best;
  }
  // Where a drone is, in words.
  function sentence(drone) {
    const { time } = day.state, { sorties } = drone;
    if (!sorties.length) return { text: day.say("unused"), isFlying: false };
    const current = sorties.find((s) => s.start <= time && time <= s.end);
    if (current) {
      const doing = stateOf(current, time), site = day.siteName(doing.stop.site);
      return doing.isFlying
        ? { text: day.say("inAir", { site, t: day.clock(doing.leg.to) }), isFlying: true }
        : { text: day.say("atStop", { site, t: day.clock(doing.leg.from) }), isFlying: true };
    }
    const past = sorties.filter((s) => s.end < time), last = past[past.length - 1];
    const site = last ? last.stops[last.stops.length - 1].site : drone.home;
    return { text: day.say(past.length === sorties.length ? "doneDay" : "onGround", { site: day.siteName(site) }), isFlying: false };
  }
  return { paint, sortieAt, sentence, positions: seen };
})();
