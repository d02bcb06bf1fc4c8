/**
 * Finds a Chromium, in this order: CHROMIUM_PATH, the PATH, playwright's own download, Debian's packages
 * when root. Says in one line which it is; throws one line that says what was tried.
 */

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DOWNLOAD_MS = 3 * 60_000;
const PACKAGES_MS = 5 * 60_000;

const run = promisify(execFile);

/**
 * @param options more of playwright's own for a launch
 */
export async function launch(options = {}) {
  const executablePath = await find();
  return chromium.launch({ executablePath, args: ["--disable-quic", "--disable-sync"], ...options });
}

async function find() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (await executable(given)) {
      return found(given, "by CHROMIUM_PATH");
    }
    throw new Error(`CHROMIUM_PATH: ${given} (expected: a Chromium that can be executed)`);
  }
  const tried = ["CHROMIUM_PATH (not set)"];

  const onPath = await search();
  if (onPath) {
    return found(onPath, "on the PATH");
  }
  tried.push(`the PATH (no ${NAMES.join(", ")})`);

  if (await executable(chromium.executablePath())) {
    return found(chromium.executablePath(), "that playwright has downloaded before");
  }
  const downloaded = await attempt(process.execPath, [cli(), "install", "chromium"], DOWNLOAD_MS);
  if (downloaded === null && (await executable(chromium.executablePath()))) {
    return found(chromium.executablePath(), "downloaded by playwright");
  }
  tried.push(`playwright's download (${downloaded ?? "it is not there afterwards"})`);

  if (process.getuid?.() === 0) {
    const installed =
      (await attempt("apt-get", ["update", "-qq"], PACKAGES_MS)) ??
      (await attempt("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], PACKAGES_MS));
    const now = await search();
    if (now) {
      return found(now, "installed from Debian's packages");
    }
    tried.push(`Debian's packages (${installed ?? "it is not there afterwards"})`);
  } else {
    tried.push("Debian's packages (only when root)");
  }
  throw new Error(`no Chromium; tried: ${tried.join("; ")}`);
}

function found(path, how) {
  console.log(`chromium: ${path}, ${how}`);
  return path;
}

async function search() {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      if (await executable(join(folder, name))) {
        return join(folder, name);
      }
    }
  }
  return null;
}

async function executable(path) {
  try {
    await access(path, constants.X_OK);
    return true;
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
    const lines = String(error.message).split("\n").map((line) => line.trim());
    const reason = lines.slice(1).find((line) => /error|unable|failed/i.test(line)) ?? lines[0];
    return error.killed ? `not within ${timeout / 1_000} s` : reason;
  }
}
