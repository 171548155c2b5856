//! Whatever the order of events: never over. (The world asserts I1, I2 and I4 after every step.)

mod world;

use model::{Limit, Measure, TimeUnit, Timestamp, Zone};
use proptest::prelude::*;
use throttle::{ObjectName, Window};
use world::{Weather, World, charge};

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

fn weather() -> impl Strategy<Value = Weather> {
    (
        1..8_u64,
        0..2_000_i64,
        0..400_i64,
        0..60_u64,
        0..60_u64,
        0..30_u64,
        0..5_u64,
    )
        .prop_map(
            |(isolates, skew_ms, slowest, lost, repeated, owner_dies, isolate_dies)| Weather {
                isolates,
                skew_ms,
                delay_ms: (0, slowest),
                lost,
                repeated,
                owner_dies,
                isolate_dies,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_window_never_admits_more_than_its_limit(
        seed: u64,
        weather in weather(),
        amounts in proptest::collection::vec(1..600_u64, 3),
        arrivals in proptest::collection::vec((0..70_000_i64, any::<u8>(), 0..7_u8), 1..300),
    ) {
        let mut world = World::new(seed, weather);
        let app = ObjectName::of_application(&"acme".into(), &"app".into());
        let api = ObjectName::of_api(&"acme".into(), &"pets".into());
        let limit = |place: usize, time_unit| {
            Limit::new(Measure::Requests(amounts[place]), 1, time_unit)
        };
        let all = [
            charge(&app, "s", limit(0, TimeUnit::Min)),
            charge(&app, "b", limit(1, TimeUnit::Sec)),
            charge(&api, "p", limit(2, TimeUnit::Min)),
        ];
        for (at, isolate, which) in arrivals {
            // Any non-empty subset of the three limits.
            let mask = which % 7 + 1;
            let kept = all.iter().enumerate().filter(|(place, _)| mask & (1 << place) != 0);
            let isolate = usize::from(isolate) % weather.isolates as usize;
            world.arrive(at, isolate, kept.map(|(_, charge)| charge.clone()).collect());
        }
        world.run();
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
