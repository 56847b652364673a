"""Pricing: the sorties of least reduced cost from one base to another, by label setting. Compiled.

Owns the relaxed family of sorties that the bound is taken over. Every sortie that can be flown is
in the family, so a bound over the family is a bound over the real thing. The family leaves out:
what mass adds to energy (legs cost what the box alone costs), mass capacity, bands, segregation,
ride limits, the little lateness that still pays, and delivery of orders from stop to stop.
A sortie lands at a site at most once.

A label is a partial sortie at a stop. It is dominated by one at the same site that costs no more,
is no later, used no more energy and time in the air, must land no earlier, and has been at no
other sites. Labels grow stop by stop, so every label that could dominate another exists before it.
"""

from __future__ import annotations

import numpy as np

from routing.solver.compiling import kernel
from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.offers import (
    EPS,
    LB_COST,
    LB_ENERGY,
    LB_LAND,
    LB_LEAVE,
    LB_SPAN,
    LB_TIME,
    LI_DEAD,
    LI_HELD,
    LI_NUM_IN,
    LI_NUM_OUT,
    LI_PARENT,
    LI_PEAK,
    LI_SITE,
    Labels,
    Offers,
    leave_after_out,
    top_in,
    top_out,
)


@kernel
def is_dominated(lab: Labels, new: int, site: int) -> bool:
    """Whether a label already at the site makes the new one useless; kills those it makes so."""
    words = lab.visited.shape[1]
    at = lab.head[site]
    while at >= 0:
        if lab.ints[at, LI_DEAD] == 0:
            a_first, b_first = True, True
            for f in range(4):
                if lab.floats[at, f] > lab.floats[new, f] + 1e-9:
                    a_first = False
                if lab.floats[new, f] > lab.floats[at, f] + 1e-9:
                    b_first = False
            a_first = a_first and lab.floats[at, LB_LAND] >= lab.floats[new, LB_LAND]
            b_first = b_first and lab.floats[new, LB_LAND] >= lab.floats[at, LB_LAND]
            a_first = a_first and lab.floats[at, LB_LEAVE] >= lab.floats[new, LB_LEAVE]
            b_first = b_first and lab.floats[new, LB_LEAVE] >= lab.floats[at, LB_LEAVE]
            for f in (LI_PEAK, LI_HELD):
                a_first = a_first and lab.ints[at, f] <= lab.ints[new, f]
                b_first = b_first and lab.ints[new, f] <= lab.ints[at, f]
            if a_first or b_first:
                for w in range(words):
                    a, b = lab.visited[at, w], lab.visited[new, w]
                    a_first = a_first and (a & ~b) == 0
                    b_first = b_first and (b & ~a) == 0
            if a_first:
                return True
            if b_first:
                lab.ints[at, LI_DEAD] = 1
        at = lab.next[at]
    return False


@kernel
def price(
    inst: Instance,
    offers: Offers,
    lab: Labels,
    k: int,
    start: int,
    end: int,
    profit: FloatArray,
    fixed: float,
    begin: float,
    finish: float,
) -> int:
    """Columns of negative reduced cost for one drone type between two bases.

    Args:
        profit: dual of each order; fixed: reduced cost of an empty sortie less its flight.
        begin, finish: earliest take-off and latest landing of the type.

    Returns:
        Number of columns in ``lab.best*``, or -1 when there was not room for all labels.
    """
    lab.head[:] = -1
    found = 0
    lab.floats[0, LB_COST] = fixed
    lab.floats[0, LB_TIME] = begin
    lab.floats[0, LB_ENERGY] = 0.0
    lab.floats[0, LB_SPAN] = 0.0
    lab.floats[0, LB_LAND] = finish
    lab.floats[0, LB_LEAVE] = np.inf
    lab.ints[0, :] = 0
    lab.ints[0, LI_SITE] = start
    lab.ints[0, LI_PARENT] = -1
    lab.visited[0, :] = 0
    lab.limit[0] = np.inf
    count = 1
    found = _close(inst, offers, lab, k, start, end, 0, profit, found)
    at = 0
    while at < count:
        if lab.ints[at, LI_DEAD] == 0:
            for y in offers.stops:
                if (lab.visited[at, y // 62] >> (y % 62)) & 1:
                    continue
                count = _extend(inst, offers, lab, k, start, end, at, y, profit, count)
                if count < 0:
                    return -1
        at += 1
    for at in range(1, count):
        if lab.ints[at, LI_DEAD] == 0:
            found = _close(inst, offers, lab, k, start, end, at, profit, found)
    return found


@kernel
def _extend(
    inst: Instance,
    offers: Offers,
    lab: Labels,
    k: int,
    start: int,
    end: int,
    at: int,
    y: int,
    profit: FloatArray,
    count: int,
) -> int:
    """All labels one stop further at ``y``: each time worth waiting for, each landing limit."""
    x = lab.ints[at, LI_SITE]
    hop = offers.travel[x, y]
    energy = lab.floats[at, LB_ENERGY] + offers.energy[x, y]
    if hop == np.inf or energy + offers.energy[y, end] > inst.usable[k] + 1e-9:
        return count
    service = inst.handover[x] if x != start else 0.0
    arrive = lab.floats[at, LB_TIME] + service + hop
    span = lab.floats[at, LB_SPAN] + service + hop
    home = inst.handover[y] + offers.travel[y, end]
    latest = lab.floats[at, LB_LAND] - home
    if arrive > latest + EPS:
        return count
    first_in, last_in = offers.in_ptr[y], offers.in_ptr[y + 1]
    first_out, last_out = offers.out_ptr[y], offers.out_ptr[y + 1]
    for w in range(first_in - 1, last_in + last_out - first_out):
        time = arrive
        if first_in <= w < last_in:
            time = offers.in_early[w]
            if profit[offers.in_order[w]] <= EPS:
                continue
        elif w >= last_in:
            o = first_out + w - last_in
            time = max(offers.out_early[o], offers.out_ready[o] + span)
            if profit[offers.out_order[o]] <= EPS:
                continue
        if w >= first_in and time <= arrive + EPS:
            continue
        if time > latest + EPS:
            continue
        for num_out in range(last_out - first_out + 1):
            gain, slots_out = 0.0, 0
            leave = lab.floats[at, LB_LEAVE]
            if num_out > 0:
                gain, slots_out, taken = top_out(
                    offers, first_out, last_out, time, span, leave, num_out, profit
                )
                if taken < num_out:
                    break
                limit = leave_after_out(
                    offers, first_out, last_out, time, span, leave, num_out, profit
                )
                leave = min(leave, limit)
            if lab.ints[at, LI_PEAK] + slots_out > inst.slots[k]:
                break
            # The label that pickups are tried on; each of them writes its own over it.
            if count >= lab.ints.shape[0]:
                return -1
            lab.floats[count, LB_COST] = (
                lab.floats[at, LB_COST]
                + inst.cost_flight * hop
                + inst.cost_energy * offers.energy[x, y]
                - gain
            )
            lab.floats[count, LB_TIME] = time
            lab.floats[count, LB_ENERGY] = energy
            lab.floats[count, LB_SPAN] = span
            lab.floats[count, LB_LEAVE] = leave
            lab.ints[count, LI_PEAK] = lab.ints[at, LI_PEAK] + slots_out
            lab.ints[count, LI_NUM_OUT] = num_out
            count = _pick_up(inst, offers, lab, k, at, y, home, profit, count)
            if count < 0:
                return -1
    return count


@kernel
def _pick_up(
    inst: Instance,
    offers: Offers,
    lab: Labels,
    k: int,
    at: int,
    y: int,
    home: float,
    profit: FloatArray,
    count: int,
) -> int:
    """Labels for each number of pickups and landing limit, from the one drafted at ``count``."""
    cost, time = lab.floats[count, LB_COST], lab.floats[count, LB_TIME]
    energy, span = lab.floats[count, LB_ENERGY], lab.floats[count, LB_SPAN]
    leave = lab.floats[count, LB_LEAVE]
    peak, num_out = lab.ints[count, LI_PEAK], lab.ints[count, LI_NUM_OUT]
    first, last = offers.in_ptr[y], offers.in_ptr[y + 1]
    for v in range(first - 1, last):
        limit = lab.floats[at, LB_LAND]
        if v >= first:
            if profit[offers.in_order[v]] <= EPS or offers.in_land[v] >= limit:
                continue
            limit = offers.in_land[v]
            if time + home > limit + EPS:
                continue
        for num in range(last - first + 1):
            gain, slots = 0.0, 0
            if num > 0:
                gain, slots, taken, least = top_in(offers, first, last, time, limit, num, profit)
                if taken < num:
                    break
                if v >= first and least > limit:
                    continue
            elif v >= first or num_out == 0:
                continue
            held = lab.ints[at, LI_HELD] + slots
            if held > inst.slots[k]:
                break
            if count >= lab.ints.shape[0]:
                return -1
            lab.floats[count, LB_COST] = cost - gain
            lab.floats[count, LB_TIME] = time
            lab.floats[count, LB_ENERGY] = energy
            lab.floats[count, LB_SPAN] = span
            lab.floats[count, LB_LAND] = min(limit, lab.floats[at, LB_LAND])
            lab.floats[count, LB_LEAVE] = leave
            lab.ints[count, LI_SITE] = y
            lab.ints[count, LI_PARENT] = at
            lab.ints[count, LI_PEAK] = max(peak, held)
            lab.ints[count, LI_HELD] = held
            lab.ints[count, LI_DEAD] = 0
            lab.ints[count, LI_NUM_OUT] = num_out
            lab.ints[count, LI_NUM_IN] = num
            lab.limit[count] = limit
            lab.visited[count] = lab.visited[at]
            lab.visited[count, y // 62] |= np.int64(1) << (y % 62)
            if not is_dominated(lab, count, y):
                lab.next[count] = lab.head[y]
                lab.head[y] = count
                count += 1
    return count


@kernel
def _close(
    inst: Instance,
    offers: Offers,
    lab: Labels,
    k: int,
    start: int,
    end: int,
    at: int,
    profit: FloatArray,
    found: int,
) -> int:
    """Fly a label to the end base, with every base-to-base order that pays; keeps the best."""
    x = lab.ints[at, LI_SITE]
    if at == 0 and start == end:
        return found
    hop = offers.travel[x, end]
    if hop == np.inf or lab.floats[at, LB_ENERGY] + offers.energy[x, end] > inst.usable[k] + 1e-9:
        return found
    service = inst.handover[x] if at > 0 else 0.0
    land = lab.floats[at, LB_TIME] + service + hop
    span = lab.floats[at, LB_SPAN] + service + hop
    flight = inst.cost_flight * hop + inst.cost_energy * offers.energy[x, end]
    best, best_land = np.inf, land
    for w in range(-1, offers.direct_order.shape[0]):
        time = land if w < 0 else max(land, offers.direct_ready[w] + span)
        if time > lab.floats[at, LB_LAND] + EPS:
            continue
        gain, room = 0.0, inst.slots[k] - lab.ints[at, LI_PEAK]
        for u in range(offers.direct_order.shape[0]):
            if (
                room >= offers.least_slots
                and offers.direct_ready[u] + span <= time + EPS
                and time <= offers.direct_land[u] + EPS
            ):
                gain += max(0.0, profit[offers.direct_order[u]])
                room -= offers.least_slots
        if lab.floats[at, LB_COST] + flight - gain < best - EPS:
            best, best_land = lab.floats[at, LB_COST] + flight - gain, time
    if best >= -1e-4:
        return found
    place = found
    if found == lab.best.shape[0]:
        place = int(np.argmax(lab.best))
        if lab.best[place] <= best:
            return found
    else:
        found += 1
    lab.best[place] = best
    lab.best_label[place] = at
    lab.best_land[place] = best_land
    return found


@kernel
def collect(
    inst: Instance,
    offers: Offers,
    lab: Labels,
    k: int,
    start: int,
    end: int,
    label: int,
    land: float,
    profit: FloatArray,
    orders: IntArray,
) -> int:
    """Orders that a label's sortie collects, into ``orders``; returns their number."""
    count = 0
    at = label
    x = lab.ints[at, LI_SITE]
    service = inst.handover[x] if at > 0 else 0.0
    span = lab.floats[at, LB_SPAN] + service + offers.travel[x, end]
    room = inst.slots[k] - lab.ints[at, LI_PEAK]
    for u in range(offers.direct_order.shape[0]):
        if (
            room >= offers.least_slots
            and offers.direct_ready[u] + span <= land + EPS
            and land <= offers.direct_land[u] + EPS
        ):
            room -= offers.least_slots
            if profit[offers.direct_order[u]] > EPS:
                orders[count] = offers.direct_order[u]
                count += 1
    while at > 0:
        y = lab.ints[at, LI_SITE]
        time, so_far = lab.floats[at, LB_TIME], lab.floats[at, LB_SPAN]
        left = lab.ints[at, LI_NUM_OUT]
        for o in range(offers.out_ptr[y], offers.out_ptr[y + 1]):
            i = offers.out_order[o]
            if (
                left > 0
                and profit[i] > EPS
                and offers.out_ready[o] + so_far <= time + EPS
                and offers.out_ready[o] <= lab.floats[lab.ints[at, LI_PARENT], LB_LEAVE] + EPS
                and offers.out_early[o] <= time + EPS
                and time <= offers.out_late[o] + EPS
            ):
                orders[count] = i
                count += 1
                left -= 1
        left = lab.ints[at, LI_NUM_IN]
        for u in range(offers.in_ptr[y], offers.in_ptr[y + 1]):
            i = offers.in_order[u]
            if (
                left > 0
                and profit[i] > EPS
                and offers.in_early[u] <= time + EPS
                and time <= offers.in_late[u] + EPS
                and offers.in_land[u] >= lab.limit[at]
            ):
                orders[count] = i
                count += 1
                left -= 1
        at = lab.ints[at, LI_PARENT]
    return count
