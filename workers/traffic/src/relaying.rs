//! An object that stands between an owner and its crowd: [`Relay`] over the network. It keeps nothing on disk.

use std::{cell::RefCell, rc::Rc, time::Duration};

use runtime::{Failure, Outcome, clock, id, reply};
use throttle::{Holder, LeaseCall, LeaseReply, LeaseRequest, ObjectName, Relay, Relayed};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use worker::{Delay, Env, Headers, Method, Request, RequestInit, Response};

/// What an object needs to be a relay, from the first request on that takes it for one.
pub(crate) struct Relaying {
    env: Env,
    relay: RefCell<Option<(ObjectName, Relay)>>,
}

impl Relaying {
    pub(crate) const fn new(env: Env) -> Self {
        Self {
            env,
            relay: RefCell::new(None),
        }
    }

    /// Answers a request as the relay of this name. Whoever waits for what another request asked looks by its own timer.
    pub(crate) async fn answer(
        self: Rc<Self>,
        name: String,
        request: &LeaseRequest,
    ) -> Outcome<Response> {
        let name = ObjectName::from(name);
        let Some(root) = name.root() else {
            let help = format!("name the relay in the header `{}`", crate::OBJECT);
            return Err(Failure::because("400", help));
        };
        self.begin(&root)?;
        let since = clock::now();
        while clock::now().ms_since(since) < PATIENCE_MS {
            match self.with(|relay| relay.answer(request, clock::now()))? {
                Relayed::Reply(lent) => {
                    let due = self.with(|relay| relay.refill_due(clock::now()))?;
                    for call in due {
                        let desk = Rc::clone(&self);
                        spawn_local(async move { desk.ask(&call).await });
                    }
                    return reply::json(200, &lent);
                }
                Relayed::Missing(call) => self.ask(&call).await,
                Relayed::Awaited => Delay::from(Duration::from_millis(LOOK_EVERY_MS)).await,
                Relayed::Lost => break,
            }
        }
        Err(Failure::code("503"))
    }

    fn begin(&self, root: &ObjectName) -> Outcome<()> {
        let mut relay = self.relay.borrow_mut();
        if relay.as_ref().is_some_and(|(of, _)| of == root) {
            return Ok(());
        }
        let holder = Holder::from_random(u128::from_le_bytes(id::random()?));
        *relay = Some((root.clone(), Relay::new(root.clone(), holder)));
        Ok(())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Relay) -> T) -> Outcome<T> {
        let mut relay = self.relay.borrow_mut();
        let (_, relay) = relay
            .as_mut()
            .ok_or_else(|| Failure::Internal("not a relay".to_owned()))?;
        Ok(act(relay))
    }

    /// Asks the owner, and gives its answer to the relay, or says that there is none.
    async fn ask(&self, call: &LeaseCall) {
        let sent_at = clock::now();
        let told = self.send(call).await;
        let taken = self.with(|relay| match &told {
            Ok(reply) => relay.receive(call, reply, sent_at, clock::now()),
            Err(_) => relay.unreachable(call, clock::now()),
        });
        if let Err(failure) = told.map(|_| ()).and(taken) {
            worker::console_warn!("{} is not answered by its owner: {failure:?}", call.object);
        }
    }

    async fn send(&self, call: &LeaseCall) -> Outcome<LeaseReply> {
        let headers = Headers::new();
        headers.set(crate::OBJECT, call.object.as_str())?;
        let body = serde_json::to_string(&call.request)?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post)
            .with_headers(headers)
            .with_body(Some(JsValue::from_str(&body)));
        let request = Request::new_with_init(&format!("http://limits{}", crate::LEASE), &init)?;
        let owner = self.env.durable_object("LIMITS")?;
        let owner = owner.get_by_name(call.object.as_str())?;
        let response = owner.fetch_with_request(request).await?;
        runtime::call::expect_json(response).await
    }
}

/// Who asks a relay waits for a second; by then he is to know that there is no answer.
const PATIENCE_MS: i64 = 900;
/// How often a request looks whether what another one asked for has come.
const LOOK_EVERY_MS: u64 = 3;
