// Where every leg is drawn: legs over the same ground share a corridor, and each drone (or, coloured
// by height, each height) has its own lane in it, side by side, so that no colour hides another.
const lanes = (() => {
  const corridors = new Map();
  const LANE_PX = 3.2, BUNDLE_PX = 22, TAPER_PX = 18;

  function addLeg(sortie, leg) {
    const forward = leg.path.map((point) => point.join(",")).join(" ");
    const backward = leg.path.slice().reverse().map((point) => point.join(",")).join(" ");
    const key = forward < backward ? forward : backward;
    if (!corridors.has(key)) {
      corridors.set(key, { path: forward < backward ? leg.path : leg.path.slice().reverse(), legs: [], lanes: new Map() });
    }
    leg.corridor = corridors.get(key);
    leg.isReversed = forward > backward;
    leg.sortie = sortie;
    leg.corridor.legs.push(leg);
  }
  // A plan that somebody edited may have lost a path: then its leg is drawn straight.
  function straight(sortie, place) {
    const at = (stop) => (day.sites.get(stop.site) || day.sites.get(day.scene.hub)).at;
    return [at(sortie.stops[place]), at(sortie.stops[place + 1])];
  }
  day.scene.sorties.forEach((sortie) => sortie.legs.forEach((leg, place) => {
    if (leg.path.length < 2) leg.path = straight(sortie, place);
    addLeg(sortie, leg);
  }));

  // The path moved sideways by offset pixels, gathered again at both ends where the site is.
  function shift(points, offset) {
    if (!offset || points.length < 2) return points;
    const first = toward(points[0], points[1]), last = toward(points[points.length - 1], points[points.length - 2]);
    const dense = [points[0], first, ...points.slice(1, -1), last, points[points.length - 1]];
    return dense.map((point, i) => {
      const before = dense[Math.max(0, i - 1)], after = dense[Math.min(dense.length - 1, i + 1)];
      const dx = after[0] - before[0], dy = after[1] - before[1], length = Math.hypot(dx, dy) || 1;
      const share = i === 0 || i === dense.length - 1 ? 0.25 : 1;
      return [point[0] - (dy / length) * offset * share, point[1] + (dx / length) * offset * share];
    });
  }
  function toward(from, to) {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1, share = Math.min(0.4, TAPER_PX / length);
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  }
  function measure(points) {
    const along = [0];
    for (let i = 1; i < points.length; i += 1) {
      along.push(along[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    }
    return along;
  }

  const keyOf = (leg) => (day.state.layers.heights ? leg.agl : leg.sortie.drone);
  const laneOf = (leg) => (day.isShown(leg) ? leg.corridor.lanes.get(keyOf(leg)) : undefined);

  // Lays all lanes anew for the map's present view and the drones and heights shown.
  function lay(canvas) {
    corridors.forEach((corridor) => {
      const colours = new Map(corridor.legs.filter(day.isShown).map((leg) => [keyOf(leg), day.colourOf(leg)]));
      const shown = [...colours.keys()];
      const points = corridor.path.map((point) => canvas.toPixels(point));
      const step = Math.min(LANE_PX, BUNDLE_PX / Math.max(1, shown.length));
      corridor.lanes = new Map(shown.map((id, place) => {
        const moved = shift(points, (place - (shown.length - 1) / 2) * step);
        return [id, { points: moved, along: measure(moved), colour: colours.get(id), width: Math.max(1.4, Math.min(2.2, step * 0.72)) }];
      }));
    });
  }
  // The place on a leg at a share of its flight, with its heading: [x, y, radians].
  function placeOn(leg, share) {
    const lane = laneOf(leg);
    if (!lane) return null;
    const { points, along } = lane, total = along[along.length - 1];
    const wanted = total * (leg.isReversed ? 1 - share : share);
    let i = 1;
    while (i < points.length - 1 && along[i] < wanted) i += 1;
    const part = (wanted - along[i - 1]) / ((along[i] - along[i - 1]) || 1);
    const [ax, ay] = points[i - 1], [bx, by] = points[i];
    const heading = Math.atan2(by - ay, bx - ax) + (leg.isReversed ? Math.PI : 0);
    return [ax + (bx - ax) * part, ay + (by - ay) * part, heading];
  }
  function trace(context, points) {
    context.beginPath();
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  }
  function chevrons(context, leg, colour) {
    const lane = laneOf(leg), total = lane.along[lane.along.length - 1];
    const count = Math.max(1, Math.floor(total / 90));
    for (let i = 0; i < count; i += 1) {
      const [x, y, heading] = placeOn(leg, (i + 0.36) / count);
      context.save();
      context.translate(x, y);
      context.rotate(heading);
      context.beginPath();
      context.moveTo(-5, -5.5); context.lineTo(5, 0); context.lineTo(-5, 5.5);
      context.lineWidth = 5; context.strokeStyle = "#fff"; context.stroke();
      context.lineWidth = 2.4; context.strokeStyle = colour; context.stroke();
      context.restore();
    }
  }
  function paint(context, canvas) {
    lay(canvas);
    const chosen = day.chosenSorties();
    if (day.state.layers.direct) paintDirect(context, canvas);
    if (day.state.layers.lanes) {
      corridors.forEach((corridor) => corridor.lanes.forEach((lane) => {
        trace(context, lane.points);
        context.lineWidth = lane.width + 1.6; context.strokeStyle = "rgba(255,255,255,0.75)"; context.stroke();
      }));
      context.globalAlpha = chosen ? 0.16 : 0.85;
      corridors.forEach((corridor) => corridor.lanes.forEach((lane) => {
        trace(context, lane.points);
        context.lineWidth = lane.width; context.strokeStyle = lane.colour; context.stroke();
      }));
      context.globalAlpha = 1;
    }
    if (chosen) paintChosen(context, chosen);
  }
  function paintChosen(context, chosen) {
    const isOne = chosen.size === 1;
    const legs = day.scene.sorties.filter((s) => chosen.has(s.id)).flatMap((s) => s.legs).filter(laneOf);
    [[isOne ? 8 : 4, "#fff"], [isOne ? 4 : 2.4, null]].forEach(([width, colour]) => legs.forEach((leg) => {
      const lane = laneOf(leg);
      trace(context, lane.points);
      context.lineWidth = width; context.strokeStyle = colour || lane.colour; context.stroke();
    }));
    if (isOne) legs.forEach((leg) => chevrons(context, leg, day.colourOf(leg)));
  }
  // The straight line that a detour left, as a ghost.
  function paintDirect(context, canvas) {
    context.save();
    context.setLineDash([2, 6]);
    context.lineWidth = 1.5;
    context.strokeStyle = "rgba(60,74,84,0.62)";
    corridors.forEach((corridor) => {
      if (corridor.path.length < 3 || !corridor.lanes.size) return;
      trace(context, [corridor.path[0], corridor.path[corridor.path.length - 1]].map((point) => canvas.toPixels(point)));
      context.stroke();
    });
    context.restore();
  }
  function distanceTo([px, py], [ax, ay], [bx, by]) {
    const dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy || 1;
    const share = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / square));
    return Math.hypot(px - ax - dx * share, py - ay - dy * share);
  }
  // The sortie nearest to a pixel: of those in the lane there, the one flown nearest to the time.
  function sortieAt(pixel) {
    if (!day.state.layers.lanes) return null;
    let best = null, bestPx = 7;
    corridors.forEach((corridor) => corridor.lanes.forEach((lane, key) => {
      for (let i = 1; i < lane.points.length; i += 1) {
        const px = distanceTo(pixel, lane.points[i - 1], lane.points[i]);
        if (px < bestPx) { bestPx = px; best = { corridor, key }; }
      }
    }));
    return best && flownBy(best.corridor, (leg) => day.isShown(leg) && keyOf(leg) === best.key)[0];
  }
  function flownBy(corridor, isMeant) {
    const away = (s) => Math.max(0, s.start - day.state.time, day.state.time - s.end);
    const here = new Set(corridor.legs.filter(isMeant).map((leg) => leg.sortie));
    return [...here].sort((a, b) => away(a) - away(b));
  }
  // Every other sortie of the same drone that flies one of the legs of this one.
  function besides(sortie) {
    const others = new Set(sortie.legs.flatMap((leg) => flownBy(leg.corridor, (other) => other.sortie.drone === sortie.drone)));
    others.delete(sortie);
    return [...others].sort((a, b) => a.start - b.start);
  }
  return { paint, placeOn, sortieAt, besides };
})();
