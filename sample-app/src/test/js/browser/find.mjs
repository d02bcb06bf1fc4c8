/** Finds or installs a Chromium before several tests look for it at the same time. */

import { find } from "./chromium.mjs";

await find();
