//! Calls under way whose bytes count against a limit.

use std::collections::BTreeMap;

use throttle::Charge;

/// Limits of bytes, by the number of the call.
#[derive(Debug, Default)]
pub(crate) struct Meters(BTreeMap<u32, Vec<Charge>>);

impl Meters {
    /// Notes what a call's bytes count against; `false` when there is nothing, as nearly always.
    pub(crate) fn open(&mut self, number: u32, charges: Vec<Charge>) -> bool {
        if charges.is_empty() {
            return false;
        }
        if self.0.len() >= MOST {
            // The oldest: most likely one whose client went away.
            self.0.pop_first();
        }
        self.0.insert(number, charges);
        true
    }

    /// What a call's bytes count against.
    pub(crate) fn of(&self, number: u32) -> &[Charge] {
        self.0.get(&number).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn close(&mut self, number: u32) {
        self.0.remove(&number);
    }
}

/// Some 2 MB.
const MOST: usize = 4_096;
