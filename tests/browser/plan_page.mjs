// Opens pages that `tollbook plan --html` wrote in a headless Chromium and does what a reader does:
// looks, moves the slider by keyboard, toggles terms, turns the light off, prints, takes a phone.
//
// Usage, in a folder where playwright-core and html-validate are installed:
//   node …/tests/browser/plan_page.mjs page.html… [--screenshots FOLDER]
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "here.js"));
const { chromium } = require("playwright-core");
const { HtmlValidate } = require("html-validate");

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
// Nothing but the page: no sandbox for root, no talk with the browser's own servers.
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const CHARTS = ["cost-chart", "busy-chart", "demand-chart"];

const args = process.argv.slice(2);
const flag = args.indexOf("--screenshots");
const folder = flag >= 0 ? resolve(args.splice(flag, 2)[1]) : null;
const failures = [];
let checks = 0;

function check(holds, message) {
  checks += 1;
  if (!holds) failures.push(message);
}

function equal(found, expected, message) {
  const same = JSON.stringify(found) === JSON.stringify(expected);
  check(same, `${message}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
}

async function validate(file) {
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended", "html-validate:a11y"],
    rules: {
      // The page brings its own style and script, is written without line breaks in places, and
      // scrolls tables by keyboard.
      "no-inline-style": "off",
      "require-sri": "off",
      "long-title": "off",
      "no-trailing-whitespace": "off",
      // A table that scrolls is no landmark and no fieldset.
      "prefer-native-element": ["error", { exclude: ["group"] }],
    },
  });
  const report = await validator.validateString(readFileSync(file, "utf8"), file);
  for (const result of report.results) {
    for (const { ruleId, message, line, column } of result.messages) {
      failures.push(`${file}:${line}:${column}: ${ruleId}: ${message}`);
    }
  }
  checks += 1;
}

// How many different colours a canvas holds; one for a chart that was not drawn.
const colours = (page, id) => page.evaluate((id) => {
  const canvas = document.querySelector(`#${id} canvas`);
  if (!canvas) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 0) found.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  }
  return found.size;
}, id);

const pixels = (page, id) => page.evaluate(
  (id) => document.querySelector(`#${id} canvas`).toDataURL(), id);

// Charts are drawn in the frame after a change.
const drawn = (page) => page.evaluate(
  () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const figures = (page) => page.evaluate(() => Object.fromEntries(
  [...document.querySelectorAll("#figures div")].map((row) => [
    row.querySelector("dt").textContent, row.querySelector("dd").textContent])));

const percent = (share) =>
  new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 }).format(Number(share) * 100) + " %";

// What the page must tell of a size: the cheapest of the shown terms.
function expected(plan, point, terms) {
  const small = Number(plan.answers.recommended.cost.total.month) < 10000;
  const digits = small ? 2 : 0;
  const money = new Intl.NumberFormat(
    "en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const total = (cost) => Number(cost.cost.total.month);
  const costs = point.costs.filter((cost) => terms.includes(cost.term));
  const best = costs.reduce((best, cost) => (total(cost) < total(best) ? cost : best));
  return {
    "a month": "USD " + money.format(total(best)),
    tokens: "USD " + money.format(Number(best.cost.tokens.month)),
    spill: point.ptu === 0 ? "–" : percent(point.spill),
    used: point.ptu === 0 ? "–" : percent(point.utilization),
  };
}

async function told(page, plan, message) {
  const where = Number(await page.inputValue("#size"));
  const checked = await page.evaluate(() => [...document.querySelectorAll("#terms input")]
    .filter((box) => box.checked).map((box) => box.name));
  const curve = plan.curves[plan.answers.recommended.curve];
  const shown = curve.terms.map((term) => term.term).filter((term) => checked.includes(term));
  const point = curve.points[where];
  const terms = shown.length > 0 ? shown : curve.terms.map((term) => term.term);
  const found = await figures(page);
  for (const [name, value] of Object.entries(expected(plan, point, terms))) {
    equal(found[name], value, `${message}, ${name} at ${point.ptu} PTU`);
  }
  equal(await page.textContent("#size-shown"), `${point.ptu} PTU`, `${message}, the size`);
}

async function slider(page, plan) {
  const curve = plan.curves[plan.answers.recommended.curve];
  await page.focus("#size");
  const outline = await page.evaluate(
    () => getComputedStyle(document.activeElement).outlineStyle);
  check(outline !== "none", "the focus of the slider is not seen");
  await told(page, plan, "at the start");
  const before = await pixels(page, "demand-chart");
  for (const [key, where] of [
    ["Home", 0], ["ArrowRight", 1], ["ArrowRight", 2], ["ArrowLeft", 1], ["End", curve.points.length - 1],
  ]) {
    await page.keyboard.press(key);
    equal(Number(await page.inputValue("#size")), where, `the slider after ${key}`);
    await told(page, plan, `after ${key}`);
  }
  await drawn(page);
  check(before !== await pixels(page, "demand-chart"), "the capacity line does not move");
}

async function terms(page, plan) {
  const boxes = await page.locator("#terms input").all();
  check(boxes.length >= plan.curves[plan.answers.recommended.curve].terms.length, "a term has no box");
  for (const box of boxes) {
    const name = await box.getAttribute("name");
    const before = await pixels(page, "cost-chart");
    await box.focus();
    await page.keyboard.press("Space");
    await drawn(page);
    check(before !== await pixels(page, "cost-chart"), `nothing changes with ${name}`);
    await told(page, plan, `with ${name} toggled`);
    await page.keyboard.press("Space");
    await drawn(page);
  }
}

async function looks(page, name) {
  for (const chart of CHARTS) {
    const found = await colours(page, chart);
    check(found > 3, `${name}: ${chart} is blank, ${found} colours`);
  }
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

// The greatest luminance of what is written on a canvas: charts on paper are not drawn in light ink.
const ink = (page, id) => page.evaluate((id) => {
  const canvas = document.querySelector(`#${id} canvas`);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let darkest = 255;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 200) darkest = Math.min(darkest, Math.max(...data.slice(at, at + 3)));
  }
  return darkest;
}, id);

async function modes(page) {
  await page.emulateMedia({ colorScheme: "light" });
  await drawn(page);
  await looks(page, "light");
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.emulateMedia({ colorScheme: "dark" });
  await drawn(page);
  await looks(page, "dark");
  check(light !== await paper(), "dark mode looks like light mode");
  await page.emulateMedia({ colorScheme: "dark", media: "print" });
  await drawn(page);
  await looks(page, "print");
  equal(await paper(), "rgb(255, 255, 255)", "the colour of paper");
  for (const hidden of ["#size", "#terms"]) {
    check(!(await page.isVisible(hidden)), `${hidden} is printed`);
  }
  check(await page.isVisible("#answers table"), "the answers are not printed");
  for (const chart of CHARTS) {
    const darkest = await ink(page, chart);
    check(darkest < 120, `print: ${chart} is drawn in light ink, ${darkest}`);
  }
  if (folder) await page.pdf({ path: join(folder, "print.pdf"), format: "A4" });
  await page.emulateMedia({ colorScheme: "light", media: "screen" });
}

async function phone(page) {
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 780 });
    await drawn(page);
    await drawn(page);
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    check(needed <= width, `at ${width} px the page is ${needed} px wide`);
    await looks(page, `phone-${width}`);
  }
  await page.setViewportSize({ width: 1100, height: 900 });
}

// Without a script everything is still there to be read.
async function unscripted(browser, address) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(address);
  check(await page.isVisible("#answers table"), "no answers without a script");
  check(!(await page.isVisible("#size")), "a slider that does nothing without a script");
  await context.close();
}

async function read(browser, file) {
  await validate(file);
  const address = pathToFileURL(resolve(file)).href;
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  const page = await context.newPage();
  page.on("console", (message) => {
    const text = message.text();
    // That one is about this test, which reads what was drawn.
    const own = text.includes("willReadFrequently");
    if (["error", "warning"].includes(message.type()) && !own) failures.push(`console: ${text}`);
  });
  page.on("pageerror", (error) => failures.push(`script: ${error.stack}`));
  page.on("dialog", (dialog) => {
    failures.push(`a name ran as a script: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => check(request.url() === address, `it asks for ${request.url()}`));
  await page.goto(address);
  await drawn(page);
  equal(await page.getAttribute("html", "lang"), "en", "the language");
  check((await page.title()).length > 0, "no title");
  const plan = JSON.parse(await page.textContent("#plan-data"));
  equal(plan.schema, "tollbook/plan/1", "the schema");
  await slider(page, plan);
  await terms(page, plan);
  await page.reload();
  await drawn(page);
  await modes(page);
  await phone(page);
  await context.close();
  await unscripted(browser, address);
}

const profile = mkdtempSync(join(tmpdir(), "plan-page-"));
const browser = await chromium.launch({
  executablePath: CHROMIUM, headless: true, args: FLAGS,
  env: { ...process.env, HOME: profile },
});
try {
  for (const file of args) await read(browser, file);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`${args.length} pages, ${checks} checks, ${failures.length} failures`);
for (const failure of failures) console.error(failure);
process.exit(failures.length > 0 || checks === 0 ? 1 : 0);
