//! One story in bad weather.

use std::rc::Rc;

use model::{Algorithm, Limit, Measure, TimeUnit, Zone};
use throttle::{Charge, ObjectName};

use crate::{Chance, Tally, Weather, World, charge};

/// Losses, repeats, reordering, skewed clocks, deaths on both sides, every way of counting, calls of several units, units
/// that turn out later, a policy that changes in mid-window, relays between owners and holders in four of ten stories, and
/// now and then a reset: all of it from one seed.
///
/// # Errors
/// Says which promise was broken.
pub fn storm(seed: u64) -> Result<Tally, String> {
    Story::new(seed).tell(seed)
}

struct Story {
    chance: Chance,
    weather: Weather,
    apps: [ObjectName; 2],
    api: ObjectName,
    /// Of the subscription before and after the change.
    plans: [Limit; 2],
    /// Per user by the hour or day, of the API by the minute, and a burst.
    others: [Limit; 3],
}

impl Story {
    fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed ^ 0x5707);
        let weather = Weather {
            isolates: 1 + chance.below(6),
            skew_ms: 2_000,
            delay_ms: (0, chance.between(1, 300)),
            lost: chance.below(30),
            repeated: chance.below(30),
            owner_dies: chance.below(10),
            isolate_dies: chance.below(3),
            relayed_from: chance.percent(40).then_some(2),
        };
        let app = |name: &str| ObjectName::of_application(&"acme".into(), &name.into());
        let plan = limit(&mut chance, 60, TimeUnit::Min);
        let amount = chance.between(1, 400).unsigned_abs() * 20;
        let new_plan = Limit {
            measure: Measure::Requests(amount),
            // Most changes are of the amount; some are of the way of counting as well.
            algorithm: if chance.percent(25) {
                algorithm(&mut chance)
            } else {
                plan.algorithm
            },
            ..plan
        };
        let daily = chance.percent(30);
        let unit = if daily { TimeUnit::Day } else { TimeUnit::Hour };
        let others = [
            limit(&mut chance, 400, unit).in_zone(zone(&mut chance)),
            limit(&mut chance, 800, TimeUnit::Min),
            limit(&mut chance, 10, TimeUnit::Sec),
        ];
        Self {
            apps: [app("one"), app("two")],
            api: ObjectName::of_api(&"acme".into(), &"pets".into()),
            plans: [plan, new_plan],
            others,
            weather,
            chance,
        }
    }

    fn tell(mut self, seed: u64) -> Result<Tally, String> {
        let mut world = World::new(seed, self.weather);
        for _ in 0..CALLS {
            let at = self.chance.between(0, 90_000);
            let isolate = self.chance.below(self.weather.isolates) as usize;
            let charges = self.charges(at);
            if self.chance.percent(5)
                && let Some(first) = charges.first()
            {
                let units = self.chance.below(30);
                world.settle(
                    at + self.chance.between(0, 500),
                    isolate,
                    first.clone(),
                    units,
                );
            }
            world.arrive(at, isolate, charges);
        }
        let [_, per_minute, _] = self.others;
        if per_minute.algorithm == Algorithm::Fixed && self.chance.percent(10) {
            let at = self.chance.between(10_000, 80_000);
            world.reset(at, &charge(&self.api, "p", per_minute));
        }
        world.run()
    }

    /// Some of four limits on three objects.
    fn charges(&mut self, at: i64) -> Rc<[Charge]> {
        let [one, two] = &self.apps;
        let app = if self.chance.percent(50) { one } else { two };
        // After 30 s the plan is another; each isolate hears of it in its own time.
        let is_new = at > 30_000 + self.chance.between(0, 2_000);
        let [old_plan, new_plan] = self.plans;
        let plan = if is_new { new_plan } else { old_plan };
        let [per_user, of_api, burst] = self.others;
        let cost = if self.chance.percent(10) { 5 } else { 1 };
        let kept = 1 + self.chance.below(4) as usize;
        let all = [
            charge(app, "s", plan),
            charge(app, "a", per_user),
            charge(&self.api, "p", of_api),
            charge(&self.api, "b", burst),
        ];
        let costing = |charge| Charge { cost, ..charge };
        all.into_iter().map(costing).take(kept).collect()
    }
}

fn limit(chance: &mut Chance, most: i64, unit: TimeUnit) -> Limit {
    let amount = chance.between(1, most).unsigned_abs();
    Limit::new(Measure::Requests(amount), 1, unit).counted(algorithm(chance))
}

fn algorithm(chance: &mut Chance) -> Algorithm {
    match chance.below(4) {
        0 | 1 => Algorithm::Fixed,
        2 => Algorithm::Sliding,
        _ => Algorithm::Gcra {
            burst: 1 + chance.below(100),
        },
    }
}

fn zone(chance: &mut Chance) -> Zone {
    let zones = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"];
    let drawn = zones.get(chance.below(4) as usize);
    drawn.and_then(|name| name.parse().ok()).unwrap_or_default()
}

const CALLS: usize = 600;
