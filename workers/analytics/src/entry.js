// What workerd calls; the rest is Rust.

import { events, object } from "./runtime/entry.js";

export default events;
export const StatStore = object("StatStore");
export const Roster = object("Roster");
