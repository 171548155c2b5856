//! The API Gateway: a thin shell around [`pipeline::admit`].
//!
//! The usual call crosses into Wasm once and out once, as text, and waits for nothing but the upstream: what it is
//! decided on is held by the isolate. Only when something is missing does a future run here, which fetches it and asks
//! again.

mod edge;
mod intake;
mod isolate;
mod needs;
mod wire;

use js_sys::Promise;
use pipeline::{Decision, Need};
use runtime::clock;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::Request;

use intake::Intake;

/// The fetch event. Not `#[event(fetch)]`, whose handler is async and would await every upstream inside Wasm.
#[wasm_bindgen]
pub fn fetch(request: Request, env: JsValue, context: JsValue) -> Promise {
    let call = Call {
        intake: Intake::new(edge::intake(&request), isolate::start(&env)),
        request,
        env,
        context,
    };
    let now = call.intake.at();
    match isolate::admit(&call.intake, now) {
        Decision::Missing(needs) => {
            let context = call.context.clone();
            let answer = future_to_promise(call.fetch_and_decide(needs));
            // A future of a client that went away is never polled again and never freed; so it is brought to its end.
            edge::later(&context, &answer);
            answer
        }
        decided @ (Decision::Forward(_) | Decision::Answer(_)) => call.carry_out(decided),
    }
}

/// One call and where it came from.
struct Call {
    intake: Intake,
    request: Request,
    env: JsValue,
    context: JsValue,
}

impl Call {
    /// Does what was decided; the promise is the platform's own.
    fn carry_out(&self, decided: Decision) -> Promise {
        let (env, context) = (&self.env, &self.context);
        let promise = match decided {
            Decision::Forward(plan) => {
                let plan = wire::plan(*plan);
                edge::forward(&self.request, env, context, &plan)
            }
            Decision::Answer(answer) => {
                edge::answer(env, context, &wire::answer(*answer, clock::now()))
            }
            Decision::Missing(_) => edge::answer(env, context, &self.unavailable()),
        };
        self.refresh();
        promise
    }

    /// Fetches what is missing and asks again, until the call is decided. Resolves with a promise of the reply, which
    /// the platform then waits for without this future.
    async fn fetch_and_decide(self, mut needs: Vec<Need>) -> Result<JsValue, JsValue> {
        let mut lease_rounds = 0;
        for _ in 0..ROUNDS {
            lease_rounds += usize::from(needs.iter().any(|need| matches!(need, Need::Lease(_))));
            if lease_rounds > LEASE_ROUNDS {
                needs::give_up(&needs);
            } else if let Err(reason) = needs::fetch(&self.env, &needs).await {
                worker::console_error!("cannot decide {}: {reason}", self.intake.id());
                break;
            }
            match isolate::admit(&self.intake, clock::now()) {
                Decision::Missing(more) => needs = more,
                decided @ (Decision::Forward(_) | Decision::Answer(_)) => {
                    return Ok(self.carry_out(decided).into());
                }
            }
        }
        Ok(edge::answer(&self.env, &self.context, &self.unavailable()).into())
    }

    fn unavailable(&self) -> String {
        wire::answer(isolate::unavailable(&self.intake), clock::now())
    }

    /// Fetches what was used although it is no longer fresh, and the next blocks of leases, while nobody waits.
    fn refresh(&self) {
        let due = isolate::take_due(self.intake.at());
        if due.is_empty() {
            return;
        }
        let env = self.env.clone();
        let work = future_to_promise(async move {
            if let Err(reason) = needs::fetch(&env, &due).await {
                worker::console_warn!("not refreshed: {reason}");
            }
            Ok(JsValue::UNDEFINED)
        });
        edge::later(&self.context, &work);
    }
}

/// A cold isolate needs about ten things one after the other.
const ROUNDS: usize = 20;
/// Calls that interleave may spend each other's blocks; after this many rounds the limit's policy decides.
const LEASE_ROUNDS: usize = 3;
