/**
 * Finds a Chromium, in this order: CHROMIUM_PATH, the PATH, playwright's own download, Debian's packages when
 * root. Says in one line which it is; throws one line that says what was tried. It skips one that is there
 * and does not run (a download without its libraries, a stub that asks for another package).
 */

import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

// All of them together are less than the tests wait for a browser.
const VERSION_MS = 15_000;
const DOWNLOAD_MS = 3 * 60_000;
const LISTS_MS = 60_000;
const PACKAGES_MS = 4 * 60_000;

const run = promisify(execFile);

/**
 * @param options more of playwright's own for a launch
 */
export async function launch(options = {}) {
  const executablePath = await find();
  return chromium.launch({ executablePath, args: ["--disable-quic", "--disable-sync"], ...options });
}

/** The path of one that runs, which may be installed for it. Not to be called twice at the same time. */
export async function find() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    const wrong = await whyNot(given);
    if (wrong === null) {
      return found(given, "by CHROMIUM_PATH");
    }
    throw new Error(`CHROMIUM_PATH: ${given} (expected: a Chromium that runs; ${wrong})`);
  }
  const tried = ["CHROMIUM_PATH (not set)"];

  const onPath = await search();
  if (onPath.path) {
    return found(onPath.path, "on the PATH");
  }
  tried.push(`the PATH (${onPath.wrong})`);

  const own = chromium.executablePath();
  if ((await whyNot(own)) === null) {
    return found(own, "that playwright has downloaded before");
  }
  const downloaded = (await attempt(process.execPath, [cli(), "install", "chromium"], DOWNLOAD_MS)) ?? (await whyNot(own));
  if (downloaded === null) {
    return found(own, "downloaded by playwright");
  }
  tried.push(`playwright's download (${downloaded})`);

  if (process.getuid?.() === 0) {
    const installed =
      (await attempt("apt-get", ["update", "-qq"], LISTS_MS)) ??
      (await attempt("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], PACKAGES_MS));
    const now = await search();
    if (now.path) {
      return found(now.path, "installed from Debian's packages");
    }
    tried.push(`Debian's packages (${installed ?? now.wrong})`);
  } else {
    tried.push("Debian's packages (only when root)");
  }
  throw new Error(`no Chromium; install one, or set CHROMIUM_PATH; tried: ${tried.join("; ")}`);
}

function found(path, how) {
  console.log(`chromium: ${path}, ${how}`);
  return path;
}

/** The first on the PATH that runs, or why there is none. */
async function search() {
  const wrong = [];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (!(await executable(path))) {
        continue;
      }
      const why = await whyItDoesNotRun(path);
      if (why === null) {
        return { path };
      }
      wrong.push(`${path}: ${why}`);
    }
  }
  return { wrong: wrong.join(", ") || `no ${NAMES.join(", ")}` };
}

/** Why this Chromium cannot be used, in one line; null if it can. */
async function whyNot(path) {
  return (await executable(path)) ? whyItDoesNotRun(path) : "no such executable file";
}

function whyItDoesNotRun(path) {
  return attempt(path, ["--version"], VERSION_MS);
}

async function executable(path) {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function cli() {
  return fileURLToPath(new URL("../node_modules/playwright-core/cli.js", import.meta.url));
}

/** Runs a command; gives null, or in one line why it failed. */
async function attempt(command, args, timeout) {
  try {
    await run(command, args, { timeout, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    return null;
  } catch (error) {
    const [failure, ...said] = String(error.message).split("\n").map((line) => line.trim());
    const reason = said.find((line) => /^E: |error|unable|failed/i.test(line)) ?? said.find(Boolean) ?? failure;
    return error.killed ? `not within ${timeout / 1_000} s` : reason;
  }
}
