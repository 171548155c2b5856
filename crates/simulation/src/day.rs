//! What a day without accidents costs.

use std::rc::Rc;

use model::{Algorithm, Limit, Measure, TimeUnit};
use throttle::{Charge, ObjectName};

use crate::mix::Zipf;
use crate::{CALM, Chance, Tally, Weather, World, charge};

/// Applications that call one API: few of them much, many of them little (Zipf's law, exponent 1.1).
#[derive(Clone, Debug)]
pub struct Day {
    /// Applications.
    pub keys: u32,
    /// Calls of all of them in a second.
    pub calls_per_second: f64,
    /// How long.
    pub seconds: u32,
    /// Isolates among which calls are spread at random.
    pub isolates: u64,
    /// Seconds in which the isolates come up, one after the other and each with its calls; 0 for all at once.
    pub rise_seconds: u32,
    /// Units a minute of the plans, dealt out in turn.
    pub plans: Vec<u64>,
    /// How the plans count.
    pub algorithm: Algorithm,
    /// Whether each call also counts against its application's policy (20,000 a minute, far from being used up by most)
    /// and against the API (more than all of them call).
    pub three_limits: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Calls that arrived.
    pub requests: u64,
    /// Calls that passed.
    pub admitted: u64,
    /// Messages to owners, per 1,000 calls.
    pub messages_per_thousand: f64,
    /// Windows whose demand went at least a fifth beyond their limit.
    pub exhausted: u64,
    /// Of what those windows allowed, the part that nobody got, in percent.
    pub undershoot: f64,
    /// The part of the calls that was refused, in percent.
    pub refused: f64,
    /// The most messages that one owner or relay had in one second.
    pub busiest: u64,
    /// The part of the calls that waited for an owner, in percent.
    pub waited: f64,
    /// Milliseconds that 99 of 100 calls waited at most.
    pub wait_p99_ms: usize,
}

/// Lives through a day.
///
/// # Errors
/// Says which promise was broken.
pub fn calm_day(day: &Day, seed: u64) -> Result<Figures, String> {
    let mut chance = Chance::new(seed);
    let weather = Weather {
        isolates: day.isolates,
        ..CALM
    };
    let zipf = Zipf::new(day.keys, 1.1);
    let callers: Vec<Rc<[Charge]>> = (0..day.keys).map(|rank| day.charges(rank)).collect();
    // Windows are cut off at both ends, at another place for each seed.
    let begin = chance.between(0, 59_999) as f64;
    let end = begin + f64::from(day.seconds) * 1_000.0;
    let mean = 1_000.0 / day.calls_per_second;
    let mut at = begin;
    let calls = std::iter::from_fn(|| {
        loop {
            at += chance.pause(mean);
            if at >= end {
                return None;
            }
            let charges = callers.get(zipf.draw(&mut chance))?;
            let isolate = chance.below(day.isolates);
            if isolate < day.isolates_at(at - begin) {
                return Some((at as i64, isolate as usize, Rc::clone(charges)));
            }
        }
    });
    let tally = World::new(seed, weather).run_with(calls)?;
    Ok(Figures::of(&tally))
}

impl Day {
    /// How many isolates there are after so many milliseconds.
    fn isolates_at(&self, ms: f64) -> u64 {
        let rise_ms = f64::from(self.rise_seconds) * 1_000.0;
        if ms >= rise_ms {
            return self.isolates;
        }
        ((self.isolates as f64 * ms / rise_ms) as u64).max(1)
    }

    fn charges(&self, rank: u32) -> Rc<[Charge]> {
        let name = rank.to_string();
        let app = ObjectName::of_application(&"acme".into(), &name.as_str().into());
        let place = usize::try_from(rank).unwrap_or_default() % self.plans.len().max(1);
        let amount = self.plans.get(place).copied().unwrap_or_default();
        let mut charges = vec![charge(&app, "s", minute(amount).counted(self.algorithm))];
        if self.three_limits {
            let api = ObjectName::of_api(&"acme".into(), &"pets".into());
            charges.push(charge(&app, "a", minute(20_000)));
            charges.push(charge(&api, "p", minute(10_000_000)));
        }
        charges.into()
    }
}

impl Figures {
    fn of(tally: &Tally) -> Self {
        let (mut allowed, mut missed, mut exhausted) = (0, 0, 0);
        for window in tally.ledger.windows() {
            // The first and the last window of the day are cut off: demand well beyond the limit makes a window count.
            if window.admitted > 0 && window.offered > window.allowed + window.allowed / 5 {
                allowed += window.allowed;
                missed += window.allowed - window.admitted;
                exhausted += 1;
            }
        }
        let answered: u64 = tally.waits.iter().sum();
        let at_once = tally.waits.first().copied().unwrap_or_default();
        let mut waited = 0;
        let p99 = tally.waits.iter().position(|count| {
            waited += count;
            waited * 100 >= answered * 99
        });
        Self {
            requests: tally.offered,
            admitted: tally.admitted,
            messages_per_thousand: percent(tally.messages, tally.offered) * 10.0,
            exhausted,
            refused: percent(tally.denied, tally.offered),
            busiest: tally.busiest,
            undershoot: percent(missed, allowed),
            waited: percent(answered - at_once, answered),
            wait_p99_ms: p99.unwrap_or_default(),
        }
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

fn minute(amount: u64) -> Limit {
    Limit::new(Measure::Requests(amount), 1, TimeUnit::Min)
}
