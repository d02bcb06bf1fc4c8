/** Finds or installs a Chromium before the tests, which have less time for it. */

import { find } from "./chromium.mjs";

await find();
