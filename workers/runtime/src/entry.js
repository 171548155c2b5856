// Between workerd and a Worker's Rust: the events and the Durable Objects, and a new start after a trap.
//
// A trap in Wasm leaves memory that nobody may rely on, so the next call begins with fresh memory. Only the next one:
// whoever noticed the trap may still stand on the old stack.

import * as core from "../index.js";

// Shared with the crate `worker`, whose panic hook reports there too.
const state = core.__worker_init_state();
// How often the memory was fresh: an object that was made in an older one is made again.
let generation = 0;

// The Worker's default export: its `fetch`, and `scheduled` where Rust has it.
export const events = {
  fetch(request, env, context) {
    const answer = guarded(() => core.fetch(request, env, context));
    // A future of a client that went away is never polled again and never freed; so it is brought to its end.
    context.waitUntil(answer);
    return answer;
  },
  ...(core.scheduled && {
    scheduled: (event, env, context) => guarded(() => core.scheduled(event, env, context)),
  }),
};

// The Durable Object that the Rust type `name` is. `attendant` makes, for each object, what answers its requests: of the
// request and of a function for the object in Rust, which is to be asked for anew after an await.
export function object(name, attendant = () => (request, rust) => rust().fetch(request)) {
  return class {
    #place;
    #env;
    #made;
    #born;
    #attend;

    constructor(place, env) {
      this.#place = place;
      this.#env = env;
      this.#attend = attendant();
    }

    fetch(request) {
      return guarded(() => this.#attend(request, () => this.#rust()));
    }

    // Called only on objects that have set an alarm.
    alarm() {
      return guarded(() => this.#rust().alarm());
    }

    #rust() {
      if (this.#born !== generation) {
        this.#made = new core[name](this.#place, this.#env);
        this.#born = generation;
      }
      return this.#made;
    }
  };
}

async function guarded(run) {
  begin();
  try {
    return await run();
  } catch (error) {
    notice(error);
    throw error;
  }
}

function begin() {
  if (!state.criticalError) return;
  console.error("a trap in Wasm: starting anew with fresh memory");
  core.__wbg_reset_state();
  state.criticalError = false;
  generation += 1;
}

function notice(error) {
  if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
}

addEventListener("error", (event) => notice(event.error));
