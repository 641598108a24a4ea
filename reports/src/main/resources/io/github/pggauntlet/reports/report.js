"use strict";
// Draws the time chart from the model, and adds what a page without script cannot have: zoom, tooltips, a filter.
(() => {
  const model = JSON.parse(document.getElementById("model").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const chart = document.getElementById("chart");
  const tip = document.getElementById("tip");
  const whole = [0, Math.max(model.duration, 1e6)];
  let view = whole.slice();

  const STATES = {
    OPEN: { css: "open", name: "primary, open", label: "primary", height: 26 },
    CLOSED: { css: "closed", name: "primary, not open", label: "closed", height: 26 },
    PROMOTING: { css: "promoting", name: "promoting", label: "promoting", height: 26 },
    STREAMING: { css: "streaming", name: "standby, streaming", label: "standby", height: 15 },
    WAITING: { css: "waiting", name: "standby, not streaming", label: "not streaming", height: 15 },
    REJOINING: { css: "rejoining", name: "rejoining", label: "rejoining", height: 20 },
    TRANSITION: { css: "transition", name: "starting or stopping", label: "starting", height: 15 },
    STOPPED: { css: "stopped", name: "stopped", label: "stopped", height: 15 },
    QUARANTINED: { css: "quarantined", name: "quarantined", label: "quarantined", height: 20 },
    ADDRESS: { css: "open", name: "answers for the address", label: "address", height: 12 },
    UNREACHABLE: { css: "unreachable", name: "no answer", label: "no answer", height: 15 },
  };

  const el = (name, attributes, parent, text) => {
    const node = document.createElementNS(SVG, name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  };
  const present = (value) => value !== null && value !== undefined;
  const seconds = (nanos, digits) => (nanos / 1e9).toFixed(digits === undefined ? 3 : digits) + " s";
  const millis = (nanos) => (nanos < 1e10 ? (nanos / 1e6).toFixed(nanos < 1e7 ? 1 : 0) + " ms" : (nanos / 1e9).toFixed(1) + " s");
  const micros = (value) => (value < 0 ? "–" : millis(value * 1e3));
  const count = (value) => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const words = (text) => text.replace(/_/g, " ");
  const textWidth = (text) => text.length * 6.4 + 6;

  function niceStep(span, most) {
    const raw = span / most;
    const power = Math.pow(10, Math.floor(Math.log10(raw)));
    return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= raw * 0.999);
  }

  function patterns(svg) {
    const defs = el("defs", {}, svg);
    const hatch = (id, colour, ground, size) => {
      const p = el("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
      if (ground) el("rect", { width: size, height: size, style: "fill:" + ground }, p);
      el("rect", { width: size / 2.5, height: size, style: "fill:" + colour }, p);
    };
    hatch("hatch-open", "var(--open)", "var(--paper)", 6);
    hatch("hatch-standby", "var(--streaming-edge)", "var(--paper)", 6);
    hatch("hatch-quarantine", "var(--quarantined)", "var(--paper)", 6);
    hatch("hatch-alarm", "var(--failed)", "", 8);
  }

  // Only what was proven is drawn as two writers: the verdict knows more than the times of completion.
  function twoWriters() {
    if (!model.verdict || model.verdict.writersMax < 2) return [];
    const spans = [];
    for (const lane of model.lanes) for (const w of lane.writing) spans.push({ member: lane.member, from: w.from, to: w.to });
    const both = [];
    for (let i = 0; i < spans.length; i++) {
      for (let j = i + 1; j < spans.length; j++) {
        const from = Math.max(spans[i].from, spans[j].from), to = Math.min(spans[i].to, spans[j].to);
        if (spans[i].member !== spans[j].member && from < to) both.push({ from, to, members: [spans[i].member, spans[j].member] });
      }
    }
    return both;
  }
  const doubled = twoWriters();

  // Several buckets become one where the screen has fewer columns than there are buckets.
  function columns(most) {
    const load = model.load, width = load.width;
    const first = Math.max(0, Math.floor(view[0] / width));
    const last = Math.min(load.acknowledged.length - 1, Math.floor(view[1] / width));
    const group = Math.max(1, Math.ceil((last - first + 1) / most));
    const result = [];
    for (let i = first - (first % group); i <= last; i += group) {
      const c = { from: i * width, to: Math.min(i + group, load.acknowledged.length) * width, ack: 0, unknown: 0, failed: 0, p50: -1, p99: -1, max: -1 };
      let weighted = 0;
      for (let k = i; k < Math.min(i + group, load.acknowledged.length); k++) {
        c.ack += load.acknowledged[k]; c.unknown += load.unknown[k]; c.failed += load.failed[k];
        if (load.p50[k] >= 0) weighted += load.p50[k] * load.acknowledged[k];
        c.p99 = Math.max(c.p99, load.p99[k]); c.max = Math.max(c.max, load.max[k]);
      }
      if (c.ack > 0) c.p50 = weighted / c.ack;
      result.push(c);
    }
    return result;
  }

  let layout = null;

  function draw() {
    const W = Math.max(480, Math.floor(chart.clientWidth || 1200));
    const longest = Math.max(8, ...model.lanes.map((lane) => lane.member.length));
    const left = Math.min(150, 18 + longest * 7.6), right = 14, inner = W - left - right;
    const X = (t) => left + ((t - view[0]) / (view[1] - view[0])) * inner;
    const clip = (x) => Math.max(left, Math.min(left + inner, x));
    const svg = el("svg", { role: "img", tabindex: "-1" });
    svg.setAttribute("aria-label", "Roles of " + model.lanes.length + " members over " + seconds(model.duration, 1) + ", with "
      + model.faults.length + " faults and " + model.outages.length + " write outages; the tables below hold the same facts.");
    patterns(svg);
    const id = el("clipPath", { id: "plot" }, svg.firstChild);
    const back = el("g", {}, svg), front = el("g", { "clip-path": "url(#plot)" }, svg), labels = el("g", {}, svg);
    let y = 4;

    if (model.phases.length) {
      model.phases.forEach((phase, i) => {
        const a = clip(X(phase.from)), b = clip(X(phase.to));
        if (b - a < 0.5) return;
        el("rect", { class: "phase" + (i % 2 ? " odd" : ""), x: a, y, width: b - a, height: 17 }, back);
        let name = phase.name;
        while (name.length > 3 && textWidth(name) > b - a) name = name.slice(0, name.endsWith("…") ? -2 : -1) + "…";
        if (textWidth(name) <= b - a) el("text", { class: "small", x: a + 4, y: y + 12.5 }, labels, name);
      });
      el("text", { class: "small", x: 2, y: y + 12.5 }, labels, "phase");
      y += 23;
    }
    const faultY = y + 10;
    if (model.faults.length) {
      el("text", { class: "small", x: 2, y: faultY + 4 }, labels, "faults");
      y += 26;
    }
    const top = y;
    const laneY = {};
    for (const lane of model.lanes) {
      laneY[lane.member] = y;
      el("rect", { class: "lane", x: left, y, width: inner, height: 38 }, back);
      el("text", { class: "name", x: 2, y: y + 21 }, labels, lane.member.length > 17 ? lane.member.slice(0, 16) + "…" : lane.member);
      for (const role of lane.roles) {
        const a = clip(X(role.from)), b = clip(X(role.to));
        if (role.to < view[0] || role.from > view[1] || b <= a) continue;
        const state = STATES[role.state];
        el("rect", { class: "r-" + state.css, x: a, y: y + 16 - state.height / 2, width: Math.max(1, b - a), height: state.height, rx: Math.min(3, (b - a) / 3) }, front);
        const timeline = present(role.timeline) ? " · timeline " + role.timeline : "";
        const short = present(role.timeline) ? " · " + role.timeline : "";
        const base = state.label + (role.state === "REJOINING" && role.detail ? " by " + role.detail : "");
        const plain = role.state === "STREAMING" || role.state === "OPEN" ? [base + timeline, base + short, base] : [base, state.label];
        const label = ["CLOSED", "WAITING", "QUARANTINED"].includes(role.state) ? undefined : plain.find((text) => textWidth(text) <= b - a);
        if (label) el("text", { class: "on-" + state.css, x: a + 5, y: y + 20 }, front, label);
      }
      for (const w of lane.writing) {
        if (w.to < view[0] || w.from > view[1]) continue;
        const a = clip(X(w.from));
        el("rect", { class: "writing", x: a, y: y + 32, width: Math.max(1.5, clip(X(w.to)) - a), height: 3 }, front);
      }
      y += 44;
    }
    for (const line of model.journal.lines) {
      if (line.at < view[0] || line.at > view[1] || laneY[line.member] === undefined) continue;
      el("line", { class: "tick", x1: X(line.at), x2: X(line.at), y1: laneY[line.member], y2: laneY[line.member] + 3.5 }, front);
    }

    const cols = columns(Math.max(60, Math.floor(inner / 2)));
    // throughput
    y += 22;
    const rateTop = y, rateHeight = 110;
    const rate = (c, n) => n / ((c.to - c.from) / 1e9);
    let most = 1;
    for (const c of cols) most = Math.max(most, rate(c, c.ack + c.unknown + c.failed));
    const step = niceStep(most, 4);
    const rateMax = Math.ceil(most / step) * step;
    const rateY = (v) => rateTop + rateHeight - (v / rateMax) * rateHeight;
    el("text", { class: "name", x: left, y: rateTop - 8 }, labels, "Clients' writes a second");
    for (let v = 0; v <= rateMax * 1.001; v += step) {
      el("line", { class: "grid", x1: left, x2: left + inner, y1: rateY(v), y2: rateY(v) }, back);
      el("text", { class: "small", x: left - 6, y: rateY(v) + 4, "text-anchor": "end" }, labels, count(v));
    }
    const area = (css, below, value) => {
      let d = "";
      for (const c of cols) {
        const low = below(c), n = value(c);
        if (n > 0) d += `M${X(c.from).toFixed(1)} ${rateY(rate(c, low)).toFixed(1)}V${rateY(rate(c, low + n)).toFixed(1)}H${X(c.to).toFixed(1)}V${rateY(rate(c, low)).toFixed(1)}Z`;
      }
      if (d) el("path", { class: css, d }, front);
    };
    area("b-ack", () => 0, (c) => c.ack);
    area("b-unknown", (c) => c.ack, (c) => c.unknown);
    area("b-failed", (c) => c.ack + c.unknown, (c) => c.failed);
    for (const lost of model.lost.first) {
      const x = X(lost.write.completed), at = rateTop + rateHeight - 7;
      el("path", { class: "lost", d: `M${x} ${at - 6}l5 6l-5 6l-5 -6z` }, front);
    }
    y = rateTop + rateHeight + 36;

    // latency, logarithmic: a stall is a thousand times a commit
    const latTop = y, latHeight = 110;
    let least = Infinity, greatest = 0;
    for (const c of cols) if (c.p50 >= 0) { least = Math.min(least, Math.max(1, c.p50)); greatest = Math.max(greatest, c.max); }
    if (!isFinite(least)) { least = 100; greatest = 1e5; }
    const lo = Math.floor(Math.log10(least)), hi = Math.max(lo + 1, Math.ceil(Math.log10(greatest * 1.001)));
    const latY = (v) => latTop + latHeight - ((Math.log10(Math.max(1, v)) - lo) / (hi - lo)) * latHeight;
    el("text", { class: "name", x: left, y: latTop - 8 }, labels, "Latency of acknowledged writes (logarithmic)");
    for (let e = lo; e <= hi; e++) {
      const v = Math.pow(10, e);
      el("line", { class: "grid", x1: left, x2: left + inner, y1: latY(v), y2: latY(v) }, back);
      el("text", { class: "small", x: left - 6, y: latY(v) + 4, "text-anchor": "end" }, labels, v < 1e3 ? v + " µs" : v < 1e6 ? v / 1e3 + " ms" : v / 1e6 + " s");
    }
    const path = (css, value) => {
      let d = "", pen = false;
      for (const c of cols) {
        const v = value(c);
        if (v < 0) { pen = false; continue; }
        d += (pen ? "L" : "M") + X(c.from).toFixed(1) + " " + latY(v).toFixed(1) + "H" + X(c.to).toFixed(1);
        pen = true;
      }
      if (d) el("path", { class: css, d }, front);
    };
    path("l-max", (c) => c.max);
    path("l-p99", (c) => c.p99);
    path("l-p50", (c) => c.p50);
    const bottom = latTop + latHeight;

    // time axis
    const span = view[1] - view[0];
    const tick = niceStep(span, Math.max(3, inner / 110));
    const digits = Math.max(0, Math.min(6, 9 - Math.floor(Math.log10(tick) + 1e-9)));
    for (let t = Math.ceil(view[0] / tick) * tick; t <= view[1]; t += tick) {
      const x = X(t);
      el("line", { class: "grid", x1: x, x2: x, y1: top, y2: bottom + 4 }, back);
      if (x < left + inner - 14) el("text", { class: "small", x, y: bottom + 17, "text-anchor": "middle" }, labels, seconds(t, digits));
    }
    el("line", { class: "axis", x1: left, x2: left + inner, y1: bottom, y2: bottom }, back);
    const H = bottom + 24;

    // across everything
    let labelled = -Infinity;
    for (const outage of model.outages) {
      const from = outage.lastAcknowledged, to = outage.firstAcknowledged;
      if (to <= from || to < view[0] || from > view[1]) continue;
      const a = clip(X(from)), b = clip(X(to));
      el("rect", { class: "outage", x: a, y: top, width: Math.max(1.5, b - a), height: bottom - top }, front);
      const text = millis(to - from), width = textWidth(text);
      const start = Math.max(b, a + 2) + 4 + width < left + inner ? Math.max(b, a + 2) + 4 : a - width;
      if (start > labelled) {
        el("text", { class: "outage-label", x: start, y: rateTop + 12 }, labels, text);
        labelled = start + width;
      }
    }
    for (const both of doubled) {
      if (both.to < view[0] || both.from > view[1]) continue;
      const lanes = both.members.map((member) => laneY[member]);
      const a = clip(X(both.from)), from = Math.min(...lanes), to = Math.max(...lanes) + 38;
      el("rect", { class: "two-writers", x: a, y: from, width: Math.max(2, clip(X(both.to)) - a), height: to - from, "fill-opacity": .55 }, front);
      const middle = Math.max(left + 40, Math.min(left + inner - 40, (a + clip(X(both.to))) / 2));
      el("text", { class: "outage-label", x: middle, y: (from + to) / 2 + 4, "text-anchor": "middle" }, labels, "two writers");
    }
    let badge = -Infinity;
    for (const fault of model.faults) {
      const x = X(fault.at), refused = !present(fault.made);
      if (present(fault.healed) && fault.healed >= view[0] && fault.at <= view[1]) {
        el("rect", { class: "fault-span", x: clip(x), y: faultY - 4, width: Math.max(1, clip(X(fault.healed)) - clip(x)), height: 8, rx: 4 }, front);
      }
      if (fault.at < view[0] || fault.at > view[1]) continue;
      if (!refused) el("line", { class: "fault-line", x1: x, x2: x, y1: faultY, y2: bottom }, front);
      // Badges too close to each other shrink to dots: their lines stay.
      const roomy = x - badge > 17;
      const g = el("g", {}, labels);
      el("circle", { class: "fault-dot" + (refused ? " refused" : ""), cx: x, cy: faultY, r: roomy ? 8.5 : 3 }, g);
      if (roomy) {
        el("text", { class: "fault-number" + (refused ? " refused" : ""), x, y: faultY + 3.8 }, g, fault.number);
        badge = x;
      }
    }

    el("rect", { x: left - 0.5, y: 0, width: inner + 1, height: H }, id);
    svg.setAttribute("viewBox", `0 0 ${W} ${H}`);
    const cross = el("line", { class: "cross", y1: top, y2: bottom, visibility: "hidden" }, svg);
    const drag = el("rect", { class: "drag", y: top, height: bottom - top, visibility: "hidden" }, svg);
    chart.querySelectorAll("svg").forEach((old) => old.remove());
    chart.appendChild(svg);
    layout = { left, inner, W, cols, cross, drag, svg };
    svg.addEventListener("pointerdown", pointerDown);
    svg.addEventListener("pointermove", pointerMove);
    svg.addEventListener("pointerup", pointerUp);
    svg.addEventListener("pointerleave", () => { tip.hidden = true; cross.setAttribute("visibility", "hidden"); });
    svg.addEventListener("dblclick", () => show(whole));
  }

  function show(range) {
    const least = Math.min(1e6, whole[1]);
    let [from, to] = range;
    if (to - from < least) { const middle = (from + to) / 2; from = middle - least / 2; to = middle + least / 2; }
    if (from < whole[0]) { to += whole[0] - from; from = whole[0]; }
    if (to > whole[1]) { from = Math.max(whole[0], from - (to - whole[1])); to = whole[1]; }
    view = [from, to];
    draw();
    try {
      // A link to this very stretch of time, to be quoted.
      const part = from === whole[0] && to === whole[1] ? "#" : `#t=${(from / 1e9).toFixed(4)}-${(to / 1e9).toFixed(4)}`;
      window.history.replaceState(null, "", part);
    } catch (refused) { /* some browsers allow no history for local files */ }
  }

  let dragFrom = null;
  const place = (event) => {
    const box = layout.svg.getBoundingClientRect();
    const x = Math.max(layout.left, Math.min(layout.left + layout.inner, ((event.clientX - box.left) / box.width) * layout.W));
    return { x, t: view[0] + ((x - layout.left) / layout.inner) * (view[1] - view[0]) };
  };
  function pointerDown(event) {
    if (event.button !== 0) return;
    dragFrom = place(event);
    layout.svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  }
  function pointerUp(event) {
    if (!dragFrom) return;
    const to = place(event), from = dragFrom;
    dragFrom = null;
    layout.drag.setAttribute("visibility", "hidden");
    if (Math.abs(to.x - from.x) > 5) show([Math.min(from.t, to.t), Math.max(from.t, to.t)]);
  }
  function pointerMove(event) {
    const { x, t } = place(event);
    layout.cross.setAttribute("visibility", "visible");
    layout.cross.setAttribute("x1", x); layout.cross.setAttribute("x2", x);
    if (dragFrom) {
      layout.drag.setAttribute("visibility", "visible");
      layout.drag.setAttribute("x", Math.min(x, dragFrom.x));
      layout.drag.setAttribute("width", Math.abs(x - dragFrom.x));
    }
    tell(t, event);
  }

  function tell(t, event) {
    const near = ((view[1] - view[0]) / layout.inner) * 5;
    tip.textContent = "";
    const line = (text, tag) => { const node = document.createElement(tag || "div"); node.textContent = text; tip.appendChild(node); };
    line(seconds(t), "b");
    for (const lane of model.lanes) {
      const role = lane.roles.find((r) => r.from <= t && t < r.to);
      if (role) line(lane.member + ": " + STATES[role.state].name + (present(role.timeline) ? ", timeline " + role.timeline : "") + (role.detail ? " (" + role.detail + ")" : ""));
    }
    const c = layout.cols.find((col) => col.from <= t && t < col.to);
    if (c) {
      const per = (n) => count(n / ((c.to - c.from) / 1e9));
      line(per(c.ack) + " acknowledged/s" + (c.unknown ? ", " + count(c.unknown) + " unknown" : "") + (c.failed ? ", " + count(c.failed) + " failed" : ""));
      if (c.p50 >= 0) line("p50 " + micros(c.p50) + ", p99 " + micros(c.p99) + ", max " + micros(c.max));
    }
    for (const o of model.outages) if (o.lastAcknowledged - near <= t && t <= o.firstAcknowledged + near) line("Write outage of " + millis(o.firstAcknowledged - o.lastAcknowledged) + ", " + o.fromNode + " → " + o.toNode);
    for (const f of model.faults) if (Math.abs(f.at - t) <= near) line("Fault #" + f.number + ": " + f.kind + (f.resolved ? " on " + f.resolved : "") + (present(f.made) ? "" : " (not made)"));
    const entries = model.journal.lines.filter((entry) => Math.abs(entry.at - t) <= near);
    for (const entry of entries.slice(0, 6)) line(entry.member + ": " + words(entry.milestone));
    if (entries.length > 6) line("and " + (entries.length - 6) + " more journal entries");
    const lost = model.lost.first.filter((l) => Math.abs(l.write.completed - t) <= near);
    if (lost.length) line(lost.length + " lost: write " + lost[0].write.id + (lost.length > 1 ? ", …" : ""));
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const x = event.clientX + 16 + box.width > document.documentElement.clientWidth ? event.clientX - box.width - 16 : event.clientX + 16;
    tip.style.left = Math.max(4, x) + window.scrollX + "px";
    tip.style.top = event.clientY + 14 + window.scrollY + "px";
  }

  function legend() {
    const target = document.getElementById("legend");
    const add = (name, paint) => {
      const span = document.createElement("span");
      const svg = el("svg", { width: 18, height: 14, viewBox: "0 0 18 14", "aria-hidden": "true" }, span);
      paint(svg);
      span.appendChild(document.createTextNode(name));
      target.appendChild(span);
    };
    const used = new Set(model.lanes.flatMap((lane) => lane.roles.map((role) => role.state)));
    for (const key in STATES) {
      if (used.has(key)) add(STATES[key].name, (svg) => el("rect", { class: "r-" + STATES[key].css, x: 1, y: 7 - STATES[key].height / 4 - 1, width: 16, height: STATES[key].height / 2 + 2, rx: 2 }, svg));
    }
    if (model.lanes.some((lane) => lane.writing.length)) add("member acknowledged writes", (svg) => el("rect", { class: "writing", x: 1, y: 6, width: 16, height: 3 }, svg));
    if (model.faults.length) add("fault, until healed", (svg) => { el("rect", { class: "fault-span", x: 4, y: 4, width: 14, height: 7, rx: 3 }, svg); el("circle", { class: "fault-dot", cx: 5, cy: 7.5, r: 4 }, svg); });
    if (model.outages.length) add("write outage", (svg) => el("rect", { class: "outage", x: 3, y: 0, width: 12, height: 14 }, svg));
    add("acknowledged", (svg) => el("rect", { class: "b-ack", x: 1, y: 2, width: 16, height: 11 }, svg));
    if (model.load.unknown.some((n) => n)) add("unknown", (svg) => el("rect", { class: "b-unknown", x: 1, y: 2, width: 16, height: 11 }, svg));
    if (model.load.failed.some((n) => n)) add("failed", (svg) => el("rect", { class: "b-failed", x: 1, y: 2, width: 16, height: 11 }, svg));
    for (const name of ["p50", "p99", "max"]) add("latency " + name, (svg) => el("path", { class: "l-" + name, d: "M1 8H17" }, svg));
    if (model.lost.count) add("lost write", (svg) => el("path", { class: "lost", d: "M9 1l6 6l-6 6l-6 -6z" }, svg));
  }

  document.getElementById("zoom").addEventListener("click", (event) => {
    const what = event.target.dataset.zoom, span = view[1] - view[0], middle = (view[0] + view[1]) / 2;
    if (what === "reset") show(whole);
    if (what === "in") show([middle - span / 4, middle + span / 4]);
    if (what === "out") show([middle - span, middle + span]);
    if (what === "left") show([view[0] - span / 3, view[1] - span / 3]);
    if (what === "right") show([view[0] + span / 3, view[1] + span / 3]);
  });
  document.querySelectorAll("button.show").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const from = Number(button.dataset.from), to = Number(button.dataset.to);
      show([from - (to - from), to + (to - from)]);
      document.getElementById("time").scrollIntoView({ block: "start" });
    });
  });

  function filter() {
    const member = document.getElementById("filter-member").value;
    const text = document.getElementById("filter-text").value.trim().toLowerCase();
    let shown = 0;
    const rows = document.querySelectorAll("#journal tbody tr");
    rows.forEach((row) => {
      row.hidden = (member && row.cells[1].textContent !== member) || (text && !row.textContent.toLowerCase().includes(text));
      if (!row.hidden) shown++;
    });
    document.getElementById("filter-count").textContent = shown === rows.length ? "" : shown + " of " + rows.length;
  }
  document.getElementById("filter-member").addEventListener("change", filter);
  document.getElementById("filter-text").addEventListener("input", filter);

  document.getElementById("zoom").hidden = false;
  document.getElementById("filter").hidden = false;
  document.getElementById("hint").hidden = false;
  legend();
  const asked = /^#t=([0-9.]+)-([0-9.]+)$/.exec(window.location.hash);
  if (asked && Number(asked[2]) > Number(asked[1])) show([asked[1] * 1e9, asked[2] * 1e9]);
  else draw();
  let width = chart.clientWidth;
  new ResizeObserver(() => { if (chart.clientWidth !== width) { width = chart.clientWidth; draw(); } }).observe(chart);
})();
