//! Charges that were worked out before: the same caller of the same operation, under the same plan and policies, pays
//! the same. Working them out is a dozen names to write and as many look-ups, on every call.

use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

use model::{ApplicationRecord, Deployment, KeyType, Measure};
use rustc_hash::FxHasher;
use throttle::Charge;

use crate::{authenticate::User, charges::Call, policies::Policies, shelf::Shelf};

/// Charges by what they follow from.
#[derive(Debug)]
pub(crate) struct Prepared(Shelf<u64, Entry>);

/// What charges follow from. A record or policy that was fetched anew is another one, so that nothing old is used.
#[derive(Debug)]
struct Entry {
    deployment: Rc<Deployment>,
    operation: usize,
    application: Option<Rc<ApplicationRecord>>,
    policies: Rc<Policies>,
    user: User,
    key_type: KeyType,
    plan: String,
    charges: Rc<[Charge]>,
}

impl Prepared {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Shelf::of_bytes(capacity, BYTES))
    }

    /// The charges of this call under `plan`, if they were worked out before.
    pub(crate) fn find(
        &mut self,
        call: &Call<'_>,
        plan: &str,
        policies: &Rc<Policies>,
    ) -> Option<Rc<[Charge]>> {
        let entry = self.0.get(&place(call, plan, policies))?;
        entry
            .is_of(call, plan, policies)
            .then(|| Rc::clone(&entry.charges))
    }

    /// Keeps charges for the next such call, unless they depend on the call itself.
    pub(crate) fn keep(
        &mut self,
        call: &Call<'_>,
        plan: &str,
        policies: &Rc<Policies>,
        charges: &Rc<[Charge]>,
    ) {
        let is_by_bytes = |charge: &Charge| matches!(charge.limit.measure, Measure::Bytes(_));
        if policies.has_groups(call.advanced()) || charges.iter().any(is_by_bytes) {
            return;
        }
        let entry = Entry {
            deployment: Rc::clone(&call.located.deployment),
            operation: call.located.operation_index(),
            application: call.principal.application.clone(),
            policies: Rc::clone(policies),
            user: call.principal.user.clone(),
            key_type: call.target.key_type,
            plan: plan.to_owned(),
            charges: Rc::clone(charges),
        };
        let bytes = entry.bytes();
        self.0.put_of(bytes, place(call, plan, policies), entry);
    }
}

impl Entry {
    /// What it may keep alive that nobody else holds any more.
    fn bytes(&self) -> usize {
        let subscriptions = self
            .application
            .as_ref()
            .map_or(0, |it| it.subscriptions.len());
        let parts = self.deployment.operations.len() + subscriptions + self.charges.len();
        ENTRY_BYTES + PART_BYTES * parts
    }

    fn is_of(&self, call: &Call<'_>, plan: &str, policies: &Rc<Policies>) -> bool {
        let application = match (&self.application, &call.principal.application) {
            (Some(known), Some(now)) => Rc::ptr_eq(known, now),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        application
            && Rc::ptr_eq(&self.deployment, &call.located.deployment)
            && Rc::ptr_eq(&self.policies, policies)
            && self.key_type == call.target.key_type
            && self.operation == call.located.operation_index()
            && self.user.name() == call.principal.user.name()
            && self.plan == plan
    }
}

/// A hash of everything: two that meet push each other out, and neither is mistaken for the other.
fn place(call: &Call<'_>, plan: &str, policies: &Rc<Policies>) -> u64 {
    let mut hasher = FxHasher::default();
    Rc::as_ptr(&call.located.deployment).hash(&mut hasher);
    Rc::as_ptr(policies).hash(&mut hasher);
    let application = call.principal.application.as_ref();
    application.map(Rc::as_ptr).hash(&mut hasher);
    call.located.operation_index().hash(&mut hasher);
    call.principal.user.name().hash(&mut hasher);
    call.target.key_type.hash(&mut hasher);
    plan.hash(&mut hasher);
    hasher.finish()
}

const ENTRY_BYTES: usize = 1_500;
/// An operation, a subscription or a charge.
const PART_BYTES: usize = 200;
const BYTES: usize = 8 << 20;
