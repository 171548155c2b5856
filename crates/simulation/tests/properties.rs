//! Whatever the order of events: never over. (The world checks I1, I2 and I4 after every step.)

use std::rc::Rc;

use model::{Algorithm, Limit, Measure, TimeUnit, Timestamp, Zone};
use proptest::prelude::*;
use simulation::{Weather, World, charge};
use throttle::{Charge, ObjectName, Window};

fn unit() -> impl Strategy<Value = TimeUnit> {
    prop_oneof![
        Just(TimeUnit::Sec),
        Just(TimeUnit::Min),
        Just(TimeUnit::Hour),
        Just(TimeUnit::Day),
        Just(TimeUnit::Month),
    ]
}

/// Zones whose clocks have done the strangest things.
fn zone() -> impl Strategy<Value = Zone> {
    let zones = [
        "UTC",
        "Europe/Berlin",
        "America/St_Johns",
        "America/Sao_Paulo",
        "Pacific/Apia",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Antarctica/Troll",
        "Asia/Beirut",
        "Africa/Monrovia",
    ];
    proptest::sample::select(zones.map(|name| name.parse().unwrap_or_default()).to_vec())
}

fn limit(time_unit: TimeUnit) -> impl Strategy<Value = Limit> {
    let algorithm = prop_oneof![
        Just(Algorithm::Fixed),
        Just(Algorithm::Sliding),
        (1..200_u64).prop_map(|burst| Algorithm::Gcra { burst }),
    ];
    (1..600_u64, 1..4_u32, algorithm).prop_map(move |(amount, unit_time, algorithm)| {
        Limit::new(Measure::Requests(amount), unit_time, time_unit).counted(algorithm)
    })
}

fn weather() -> impl Strategy<Value = Weather> {
    (
        1..8_u64,
        0..2_000_i64,
        0..400_i64,
        0..60_u64,
        0..60_u64,
        0..30_u64,
        0..5_u64,
        proptest::option::of(2..4_u32),
    )
        .prop_map(
            |(
                isolates,
                skew_ms,
                slowest,
                lost,
                repeated,
                owner_dies,
                isolate_dies,
                relayed_from,
            )| Weather {
                isolates,
                skew_ms,
                delay_ms: (0, slowest),
                lost,
                repeated,
                owner_dies,
                isolate_dies,
                relayed_from,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// For every way of counting and any interleaving, also of calls that cost several units.
    #[test]
    fn no_limit_is_ever_exceeded(
        seed: u64,
        weather in weather(),
        limits in (limit(TimeUnit::Min), limit(TimeUnit::Sec), limit(TimeUnit::Min)),
        arrivals in proptest::collection::vec((0..70_000_i64, any::<u8>(), 0..7_u8, 1..9_u64), 1..300),
    ) {
        let mut world = World::new(seed, weather);
        let app = ObjectName::of_application(&"acme".into(), &"app".into());
        let api = ObjectName::of_api(&"acme".into(), &"pets".into());
        let all = [
            charge(&app, "s", limits.0),
            charge(&app, "b", limits.1),
            charge(&api, "p", limits.2),
        ];
        for (at, isolate, which, cost) in arrivals {
            // Any non-empty subset of the three limits.
            let mask = which % 7 + 1;
            let kept = all.iter().enumerate().filter(|(place, _)| mask & (1 << place) != 0);
            let costing = kept.map(|(_, charge)| Charge { cost, ..charge.clone() });
            world.arrive(at, usize::from(isolate), costing.collect::<Rc<[Charge]>>());
        }
        let told = world.run();
        prop_assert!(told.is_ok(), "{:?}", told.err());
    }

    #[test]
    fn every_moment_is_in_its_own_window(
        now in -1_000_000_000_000_i64..10_000_000_000_000,
        unit_time in 0..50_u32,
        time_unit in unit(),
        zone in zone(),
    ) {
        let limit = Limit::new(Measure::Requests(1), unit_time, time_unit).in_zone(zone);
        let window = Window::at(&limit, Timestamp(now));
        prop_assert!(window.contains(Timestamp(now)));
        prop_assert_eq!(Window::at(&limit, window.start), window);
        prop_assert_eq!(Window::at(&limit, window.end).start, window.end);
        let moment = Timestamp(window.end.0 - 1);
        prop_assert_eq!(Window::at(&limit, moment), window, "also in its last millisecond");
    }
}
