// What workerd calls; the rest is Rust.

import { events } from "./runtime/entry.js";

export default events;
