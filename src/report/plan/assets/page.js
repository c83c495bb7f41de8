// Charts and the slider, drawn from the JSON that the page carries. Everything that is told here is
// also in the tables, so the page can be read without this script.
(function () {
  "use strict";

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const plan = read("plan-data");
  const demand = read("demand-data");
  const at = (id) => document.getElementById(id);

  // How each term is drawn: colours are those of the style sheet, and dashes tell lines apart
  // where colours do not.
  const TERMS = {
    "hourly": { name: "by the hour", colour: "--hourly", dash: [2, 4], swatch: "dots" },
    "1-month": { name: "1 month", colour: "--month", dash: [9, 5], swatch: "dash" },
    "1-year": { name: "1 year", colour: "--year", dash: [], swatch: "" },
  };
  // A term this many times dearer than the others would flatten them, so it starts unchecked.
  const FLATTENS = 2.5;
  // How moments are written below a chart, by the distance of its marks.
  const DAYS = [
    [86400, "{D} {MMM}", null, null, null, null, null, null, 1],
    [3600, "{HH}:{mm}", null, null, "\n{D} {MMM}", null, null, null, 1],
    [60, "{HH}:{mm}", null, null, "\n{D} {MMM}", null, null, null, 1],
    [1, "{HH}:{mm}:{ss}", null, null, "\n{D} {MMM}", null, null, null, 1],
  ];
  const SIZES = { size: 28, labelSize: 18 };
  // Width of a chart on paper [px].
  const PAPER = 680;

  const recommended = plan.answers.recommended;
  const state = { curve: recommended.curve, size: 0, terms: new Set(), bands: new Set(["depth"]) };
  const onPaper = window.matchMedia("print");
  let charts = [];

  // --- Figures as people read them -------------------------------------------------------------

  const grouped = (digits) =>
    new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const small = Number(recommended.cost.total.month) < 10000;
  const money = (text) => "USD " + grouped(small ? 2 : 0).format(Number(text));
  const short = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
  const percent = (share) => short.format(Number(share) * 100) + " %";
  const seconds = (text) => {
    const span = Number(text);
    if (span === 0) return "0";
    return span < 1 ? short.format(span * 1000) + " ms" : short.format(span) + " s";
  };

  // --- What is chosen --------------------------------------------------------------------------

  const curve = () => plan.curves[state.curve];
  const point = () => curve().points[state.size];
  const shown = () => curve().terms.filter((term) => state.terms.has(term.term));
  const costOf = (size, term) => size.costs.find((cost) => cost.term === term).cost;
  const monthly = (size, term) => Number(costOf(size, term).total.month);

  // The cheapest of the shown terms for a size.
  function cheapestTerm(size) {
    const terms = shown().length > 0 ? shown() : curve().terms;
    return terms.reduce((best, term) =>
      monthly(size, term.term) < monthly(size, best.term) ? term : best);
  }

  function place(ptu) {
    const points = curve().points;
    const exact = points.findIndex((size) => size.ptu === ptu);
    return exact >= 0 ? exact : 0;
  }

  function startTerms() {
    const most = (term) => Math.max(...curve().points.map((size) => monthly(size, term.term)));
    const least = Math.min(...curve().terms.map(most));
    const fits = (term) => most(term) <= FLATTENS * least || term.term === recommended.term;
    state.terms = new Set(curve().terms.filter(fits).map((term) => term.term));
  }

  // --- Drawing ---------------------------------------------------------------------------------

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = () => "12px " + getComputedStyle(document.body).fontFamily;

  function axis(label, values, extra) {
    return {
      stroke: colour("--quiet"),
      grid: { stroke: colour("--grid"), width: 1 },
      ticks: { stroke: colour("--grid"), width: 1, size: 5 },
      font: font(),
      labelFont: font(),
      label,
      labelSize: 20,
      ...(values && { values: (_, ticks) => ticks.map(values) }),
      ...extra,
    };
  }

  function options(box, scales, axes, series, hooks) {
    return {
      width: onPaper.matches ? PAPER : box.clientWidth,
      height: box.clientHeight,
      scales,
      axes,
      series,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      hooks,
    };
  }

  const line = (name, dash, width) => ({
    stroke: colour(name), width: width || 2, dash: dash || [], points: { show: false },
  });

  // A vertical line at the chosen size.
  function marker(u) {
    const x = u.valToPos(point().ptu, "x", true);
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = colour("--marker");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }

  // Between the least and the greatest cost of each size.
  function band(u, name, sizes) {
    if (sizes.length < 2) return;
    const { ctx, bbox } = u;
    const spot = (ptu, cost) => [u.valToPos(ptu, "x", true), u.valToPos(cost, "y", true)];
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = colour(name);
    ctx.beginPath();
    sizes.forEach((size) => ctx.lineTo(...spot(size.ptu, size.high)));
    sizes.slice().reverse().forEach((size) => ctx.lineTo(...spot(size.ptu, size.low)));
    ctx.closePath();
    ctx.fill();
    ctx.restore();
  }

  // Least and greatest cost of each size over the depths, and over the drawn days.
  function bands() {
    const doubt = plan.uncertainty;
    const found = {};
    if (!doubt || state.curve !== recommended.curve) return found;
    if (doubt.depths.length > 1) {
      const first = doubt.depths[0].sizes;
      found.depth = first.map((size, at) => {
        const costs = doubt.depths.map((depth) => Number(depth.sizes[at].cost.month));
        return { ptu: size.ptu, low: Math.min(...costs), high: Math.max(...costs) };
      });
    }
    if (doubt.bootstrap) {
      found.days = doubt.bootstrap.sizes.map((size) => (
        { ptu: size.ptu, low: Number(size.low.month), high: Number(size.high.month) }));
    }
    return found;
  }

  // The answers on this curve as dots with their names.
  function dots(u) {
    const answers = [
      ["cheapest", plan.answers.cheapest],
      ["meets objective", plan.answers.meeting_objective],
      ["today", plan.answers.today],
    ];
    const { ctx } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = 12 * ratio + "px " + getComputedStyle(document.body).fontFamily;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    const told = new Map();
    for (const [name, choice] of answers) {
      if (!choice || choice.curve !== state.curve) continue;
      if (choice.term && !state.terms.has(choice.term)) continue;
      const key = choice.ptu + " " + choice.term;
      const known = told.get(key);
      told.set(key, { choice, name: known ? known.name + ", " + name : name });
    }
    for (const { choice, name } of told.values()) {
      const x = u.valToPos(choice.ptu, "x", true);
      const y = u.valToPos(Number(choice.cost.total.month), "y", true);
      ctx.fillStyle = colour(choice.term ? TERMS[choice.term].colour : "--demand");
      ctx.beginPath();
      ctx.arc(x, y, 5 * ratio, 0, 2 * Math.PI);
      ctx.fill();
      ctx.strokeStyle = colour("--paper");
      ctx.lineWidth = 2 * ratio;
      ctx.stroke();
      const width = ctx.measureText(name).width;
      const left = Math.min(x + 8 * ratio, u.bbox.left + u.bbox.width - width);
      const bottom = u.bbox.top + u.bbox.height - 10 * ratio;
      const line = y + 15 * ratio < bottom ? y + 15 * ratio : y - 15 * ratio;
      ctx.lineWidth = 4 * ratio;
      ctx.lineJoin = "round";
      ctx.strokeText(name, left, line);
      ctx.fillStyle = colour("--ink");
      ctx.fillText(name, left, line);
    }
    ctx.restore();
  }

  // What a chart says in words: of the size under the pointer, or of the chosen one.
  function reading(id, words) {
    return (u) => {
      const where = u.cursor.idx;
      at(id).replaceChildren(...words(where === null || where === undefined ? null : where));
    };
  }

  function told(text, name, swatch) {
    const span = document.createElement("span");
    if (name) {
      const mark = document.createElement("i");
      mark.className = "swatch " + (swatch || "");
      mark.style.borderColor = `var(${name})`;
      span.append(mark);
    }
    span.append(text);
    return span;
  }

  function strong(text) {
    const b = document.createElement("b");
    b.textContent = text;
    return b;
  }

  // A click on a chart of sizes chooses the size under the pointer.
  function choosing(u) {
    u.over.addEventListener("click", () => {
      if (u.cursor.idx !== null && u.cursor.idx !== undefined) choose(u.cursor.idx);
    });
  }

  function sizesUpTo(points) {
    const last = points[points.length - 1].ptu;
    return { time: false, range: [0, last > 0 ? last : 1] };
  }

  function costChart() {
    const points = curve().points;
    const nothing = points[0];
    const terms = shown();
    const payg = monthly(nothing, curve().terms[0].term);
    const data = [
      points.map((size) => size.ptu),
      points.map(() => payg),
      ...terms.map((term) => points.map((size) => monthly(size, term.term))),
    ];
    const [least, most] = [Math.min, Math.max].map((of) => of(...data.slice(1).flat()));
    const words = (where) => {
      const size = points[where === null ? state.size : where];
      return [
        strong(size.ptu + " PTU"),
        ...terms.map((term) => told(
          TERMS[term.term].name + " " + money(costOf(size, term.term).total.month),
          TERMS[term.term].colour, TERMS[term.term].swatch)),
        told("pay as you go " + money(payg), "--demand", "dots"),
      ];
    };
    const below = (u) => {
      const found = bands();
      for (const name of state.bands) if (found[name]) band(u, "--band", found[name]);
    };
    const box = at("cost-chart");
    const amounts = new Intl.NumberFormat("en-US", { notation: "compact" });
    return new uPlot(options(
      box,
      { x: sizesUpTo(points), y: { range: [least * 0.9, most * 1.03] } },
      [axis("PTU", undefined, SIZES), axis("USD a month", (value) => amounts.format(value), { size: 58 })],
      [{}, line("--demand", [2, 3], 1.5),
        ...terms.map((term) => line(TERMS[term.term].colour, TERMS[term.term].dash, 2.25))],
      {
        drawAxes: [below],
        draw: [marker, dots],
        setCursor: [reading("cost-read", words)],
        ready: [choosing, reading("cost-read", words)],
      },
    ), data, box);
  }

  // The used part of what each size adds to the one before it.
  function added(points) {
    const perPtu = Number(curve().tpm_per_ptu) * Number(plan.traffic.hours) * 60;
    return points.map((size, where) => {
      if (where === 0) return null;
      const before = points[where - 1];
      const more = Number(size.provisioned.weighted_tokens)
        - Number(before.provisioned.weighted_tokens);
      return Math.max(0, more / ((size.ptu - before.ptu) * perPtu));
    });
  }

  function busyChart() {
    const points = curve().points;
    const shares = (of) => points.map((size) => (size.ptu === 0 ? null : Number(of(size))));
    const last = added(points);
    const evenOf = (where) => cheapestTerm(points[where === null ? state.size : where]);
    const data = [
      points.map((size) => size.ptu),
      shares((size) => size.utilization),
      last,
      shares((size) => size.coverage),
      shares((size) => size.spill),
    ];
    const value = (row, where) => {
      const found = data[row][where === null ? state.size : where];
      return found === null ? "–" : percent(found);
    };
    const words = (where) => {
      const term = evenOf(where);
      const size = points[where === null ? state.size : where];
      const even = term.break_even_utilization;
      return [
        strong(size.ptu + " PTU"),
        told("used " + value(1, where), "--used", ""),
        told("last PTU added used " + value(2, where), "--used", "dots"),
        told("covered " + value(3, where), "--covered", "dash"),
        told("spilled " + value(4, where), "--spill", ""),
        told("break-even, " + TERMS[term.term].name + " "
          + (even === null ? "–" : percent(even)), "--marker", "dash"),
      ];
    };
    const even = (u) => {
      const share = Number(evenOf(null).break_even_utilization);
      if (!(share > 0 && share <= 1.05)) return;
      const { ctx, bbox } = u;
      const y = u.valToPos(share, "y", true);
      ctx.save();
      ctx.strokeStyle = colour("--marker");
      ctx.lineWidth = 1.25 * devicePixelRatio;
      ctx.setLineDash([10 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.restore();
    };
    const box = at("busy-chart");
    return new uPlot(options(
      box,
      { x: sizesUpTo(points), y: { range: [0, 1.05] } },
      [axis("PTU", undefined, SIZES), axis("share", (share) => Math.round(share * 100) + " %", { size: 58 })],
      [{}, line("--used"), line("--used", [2, 3], 1.5), line("--covered", [9, 5]), line("--spill")],
      {
        draw: [marker, even],
        setCursor: [reading("busy-read", words)],
        ready: [choosing, reading("busy-read", words)],
      },
    ), data, box);
  }

  // The chosen size in PTU of the first deployment, whose weights the demand is told in.
  function capacity() {
    return point().ptu * Number(curve().tpm_per_ptu) / Number(plan.curves[0].tpm_per_ptu);
  }

  function demandData() {
    const line = capacity();
    const times = demand.values.map((_, where) => demand.start + where * demand.step);
    return [
      times,
      demand.values,
      demand.values.map((value) => Math.max(value, line)),
      demand.values.map(() => line),
    ];
  }

  function demandChart() {
    const when = new Intl.DateTimeFormat("en-GB", {
      timeZone: "UTC", weekday: "short", day: "numeric", month: "short",
      hour: "2-digit", minute: "2-digit",
    });
    const words = (where) => {
      if (where === null) {
        const above = demand.values.filter((value) => value > capacity()).length;
        const part = above / Math.max(1, demand.values.length);
        return [
          told("demand", "--demand", "area"),
          told(point().ptu + " PTU", "--marker", ""),
          told("above it: " + percent(part) + " of the marks", "--spill", "area"),
        ];
      }
      const value = demand.values[where];
      return [
        strong(when.format(new Date((demand.start + where * demand.step) * 1000)) + " UTC"),
        told("demand " + short.format(value) + " PTU", "--demand", "area"),
        told(point().ptu + " PTU deployed", "--marker", ""),
      ];
    };
    const box = at("demand-chart");
    const most = Math.max(...demand.values, capacity(), 1);
    const step = uPlot.paths.stepped({ align: 1 });
    const faint = (name, part) => colour(name) + Math.round(part * 255).toString(16).padStart(2, "0");
    const config = options(
      box,
      { x: { time: true }, y: { range: (u) => [0, Math.max(most, capacity()) * 1.06] } },
      [axis("UTC", undefined, { values: DAYS, space: 70, size: 44, labelSize: 18 }), axis("PTU", undefined, { size: 58 })],
      [{},
        { ...line("--demand", [], 1), fill: faint("--demand", 0.3), paths: step },
        { stroke: "transparent", width: 0, points: { show: false }, paths: step },
        line("--marker", [], 1.75)],
      {
        setCursor: [reading("demand-read", words)],
        ready: [reading("demand-read", words)],
        setData: [reading("demand-read", words)],
      },
    );
    config.tzDate = (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC");
    config.bands = [{ series: [2, 3], fill: faint("--spill", 0.75) }];
    return new uPlot(config, demandData(), box);
  }

  function draw() {
    charts.forEach((chart) => chart.destroy());
    charts = [costChart(), busyChart(), demandChart()];
  }

  // --- Controls --------------------------------------------------------------------------------

  function figures() {
    const size = point();
    const term = cheapestTerm(size);
    const cost = costOf(size, term.term);
    const provisioned = Number(cost.owned.month) + Number(cost.bought.month);
    const deployed = (text) => (size.ptu === 0 ? "–" : text);
    const even = term.break_even_utilization;
    const rows = [
      ["a month", money(cost.total.month)],
      ["term", deployed(TERMS[term.term].name)],
      ["throughput", money(provisioned)],
      ["tokens", money(cost.tokens.month)],
      ["spill", deployed(percent(size.spill))],
      ["lost", percent(size.loss)],
      ["p95 wait", seconds(size.p95_wait_s)],
      ["used", deployed(percent(size.utilization))],
      ["covered", deployed(percent(size.coverage))],
      ["even at", deployed(even === null ? "–" : percent(even))],
    ];
    at("figures").replaceChildren(...rows.map(([label, value]) => {
      const row = document.createElement("div");
      const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
      dt.textContent = label;
      dd.textContent = value;
      row.append(dt, dd);
      return row;
    }));
    at("size-shown").textContent = size.ptu + " PTU";
    at("size").setAttribute("aria-valuetext", size.ptu + " PTU");
  }

  // Another size: figures, markers and the capacity line move; nothing else is drawn anew.
  function choose(where) {
    state.size = where;
    at("size").value = String(where);
    figures();
    const [cost, busy, minutes] = charts;
    cost.redraw(false);
    busy.redraw(false);
    minutes.setData(demandData());
    for (const chart of [cost, busy]) chart.setCursor({ left: -10, top: -10 });
  }

  function checkbox(name, label, mark, checked, changed) {
    const box = document.createElement("label");
    const input = document.createElement("input");
    input.type = "checkbox";
    input.name = name;
    input.checked = checked;
    input.addEventListener("change", () => {
      changed(input.checked);
      draw();
      figures();
    });
    const swatch = document.createElement("i");
    swatch.className = "swatch " + mark.swatch;
    swatch.style.borderColor = `var(${mark.colour})`;
    box.append(input, swatch, label);
    return box;
  }

  const keep = (set, value) => (on) => (on ? set.add(value) : set.delete(value));

  function controls() {
    const legend = at("terms").querySelector("legend");
    const boxes = curve().terms.map((term) => checkbox(
      term.term, TERMS[term.term].name, TERMS[term.term],
      state.terms.has(term.term), keep(state.terms, term.term)));
    const names = { depth: "bucket depths", days: "days drawn anew" };
    for (const name of Object.keys(bands())) {
      const mark = { colour: "--band", swatch: "area" };
      boxes.push(checkbox(
        name, "band: " + names[name], mark, state.bands.has(name), keep(state.bands, name)));
    }
    at("terms").replaceChildren(legend, ...boxes);
    const slider = at("size");
    slider.max = String(curve().points.length - 1);
    slider.value = String(state.size);
  }

  function chooseCurve(where, ptu) {
    state.curve = where;
    state.size = place(ptu);
    startTerms();
    controls();
    draw();
    figures();
  }

  function start() {
    const names = at("curve");
    plan.curves.forEach((one, where) => names.append(new Option(one.candidate, String(where))));
    names.value = String(state.curve);
    at("curve-choice").hidden = plan.curves.length < 2;
    names.addEventListener("change", () => {
      const where = Number(names.value);
      const best = plan.answers.by_term.filter((one) => one.curve === where);
      const last = best[best.length - 1];
      chooseCurve(where, last ? last.choice.ptu : 0);
    });
    at("size").addEventListener("input", () => choose(Number(at("size").value)));
    at("demand-note").textContent = (demand.step > 60
      ? `Each mark is the greatest of ${demand.step / 60} minutes, `
      : "Each mark is a minute, ")
      + "weighed as " + plan.curves[0].candidate + " weighs it; the line is the chosen size.";
    chooseCurve(state.curve, recommended.ptu);
    const again = () => draw();
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    onPaper.addEventListener("change", again);
    new ResizeObserver(() => {
      if (onPaper.matches) return;
      for (const chart of charts) {
        const box = chart.root.parentElement;
        chart.setSize({ width: box.clientWidth, height: box.clientHeight });
      }
    }).observe(at("cost-chart"));
  }

  start();
})();
