//! What calm days cost, each lived through many times: with other calls, and with windows cut off at other places.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use model::Algorithm;
use simulation::{Day, Figures, calm_day};

/// The tables of the document.
pub(super) fn tables() -> Result<String, String> {
    let mut text = HEAD.to_owned();
    for (name, day) in skewed().into_iter().chain(hammered()) {
        row(&mut text, name, &Spread::of(&day, SEEDS)?);
    }
    text.push_str(HOT);
    for (name, day) in hot() {
        let figures = Spread::of(&day, HOT_SEEDS)?;
        let (messages, busiest) = (&figures.messages, figures.worst.busiest);
        let (isolates, unused) = (day.isolates, figures.unused());
        let refused = figures.worst.refused;
        let written = writeln!(
            text,
            "| {name} | {isolates} | {messages} | {busiest} | {refused:.2} % | {unused} |"
        );
        debug_assert!(written.is_ok(), "a String takes all");
    }
    Ok(text)
}

fn row(text: &mut String, name: &str, spread: &Spread) {
    let Spread { messages, worst } = spread;
    let unused = spread.unused();
    let (waited, p99) = (worst.waited, worst.wait_p99_ms);
    let written = writeln!(
        text,
        "| {name} | {messages} | {unused} | {waited:.2} % | {p99} ms |"
    );
    debug_assert!(written.is_ok(), "a String takes all");
}

/// Of all days: messages per 1,000 calls, and the worst of everything else.
struct Spread {
    messages: String,
    worst: Figures,
}

impl Spread {
    /// Lives through a day with each seed, on all cores.
    fn of(day: &Day, seeds: u64) -> Result<Self, String> {
        let next = AtomicU64::new(1);
        let live = || {
            let mut lived = Vec::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed > seeds {
                    return Ok(lived);
                }
                lived.push(calm_day(day, seed)?);
            }
        };
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let lived: Vec<Result<Vec<Figures>, String>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..cores).map(|_| scope.spawn(live)).collect();
            let joined = threads.into_iter().map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err("a day panicked".to_owned()))
            });
            joined.collect()
        });
        let mut all = Vec::new();
        for figures in lived {
            all.extend(figures?);
        }
        Ok(Self::over(&all))
    }

    fn unused(&self) -> String {
        match self.worst.exhausted {
            0 => String::new(),
            windows => format!("{:.2} % of {windows} windows", self.worst.undershoot),
        }
    }

    fn over(all: &[Figures]) -> Self {
        let mut messages: Vec<f64> = all.iter().map(|day| day.messages_per_thousand).collect();
        messages.sort_by(f64::total_cmp);
        let at = |place: usize| messages.get(place).copied().unwrap_or_default();
        let (least, middle, most) = (at(0), at(messages.len() / 2), at(messages.len().max(1) - 1));
        let worst = all.iter().fold(Figures::default(), |worst, day| Figures {
            exhausted: worst.exhausted + day.exhausted,
            undershoot: worst.undershoot.max(day.undershoot),
            busiest: worst.busiest.max(day.busiest),
            refused: worst.refused.max(day.refused),
            waited: worst.waited.max(day.waited),
            wait_p99_ms: worst.wait_p99_ms.max(day.wait_p99_ms),
            ..worst
        });
        Self {
            messages: format!("{least:.1} / **{middle:.1}** / {most:.1}"),
            worst,
        }
    }
}

fn skewed() -> Vec<(&'static str, Day)> {
    let mixed = Day {
        keys: 10_000,
        calls_per_second: 20_000.0,
        seconds: 220,
        isolates: 4,
        rise_seconds: 0,
        plans: vec![1_000, 5_000, 20_000, 50_000],
        algorithm: Algorithm::Fixed,
        three_limits: false,
    };
    let few = Day {
        keys: 200,
        calls_per_second: 625.0,
        seconds: 180,
        plans: vec![2_000, 5_000, 10_000, 50_000],
        three_limits: true,
        ..mixed.clone()
    };
    let steady = Day {
        keys: 20,
        calls_per_second: 2_000.0,
        plans: vec![50_000],
        ..mixed.clone()
    };
    let short = Day {
        seconds: 120,
        ..mixed.clone()
    };
    vec![
        (
            "10,000 applications, 20,000 calls/s, plans of 1,000 to 50,000 a minute, for 220 s",
            mixed,
        ),
        ("the same for 120 s, with a cold start", short),
        (
            "200 applications, 625 calls/s, three limits for each call, for 180 s",
            few,
        ),
        (
            "20 applications below their plans, 2,000 calls/s, for 220 s",
            steady,
        ),
    ]
}

/// One application that calls ten times as much as it may.
fn hammered() -> Vec<(&'static str, Day)> {
    let burst = Algorithm::Gcra { burst: 200 };
    vec![
        (
            "one application at 10 times 1,000 a minute, for 160 s",
            one(1_000, 10, Algorithm::Fixed, 4),
        ),
        (
            "one application at 10 times 2,000 a minute, for 160 s",
            one(2_000, 10, Algorithm::Fixed, 4),
        ),
        (
            "the same, sliding window",
            one(2_000, 10, Algorithm::Sliding, 4),
        ),
        (
            "the same, rate with bursts of 200",
            one(2_000, 10, burst, 4),
        ),
        (
            "one application at twice 2,000 a minute, 30 isolates",
            one(2_000, 2, Algorithm::Fixed, 30),
        ),
        (
            "one application at 10 times 10 a minute, for 160 s",
            one(10, 10, Algorithm::Fixed, 4),
        ),
    ]
}

/// One counter that all the world's isolates spend from.
fn hot() -> Vec<(&'static str, Day)> {
    let burst = Algorithm::Gcra { burst: 5_000 };
    let mut rows = Vec::new();
    for isolates in [30, 300, 1_000] {
        rows.extend([
            (
                "12,000 a minute of 100,000, 200 calls/s",
                Day {
                    calls_per_second: 200.0,
                    ..one(100_000, 1, Algorithm::Fixed, isolates)
                },
            ),
            (
                "10,000 calls/s of 1,000,000 a minute",
                Day {
                    calls_per_second: 10_000.0,
                    seconds: 70,
                    ..one(1_000_000, 1, Algorithm::Fixed, isolates)
                },
            ),
            (
                "10,000 calls/s at a limit of 60,000 a minute",
                Day {
                    seconds: 70,
                    ..one(60_000, 10, Algorithm::Fixed, isolates)
                },
            ),
            (
                "10,000 calls/s at a rate of 60,000 a minute",
                Day {
                    seconds: 70,
                    ..one(60_000, 10, burst, isolates)
                },
            ),
        ]);
    }
    rows
}

fn one(amount: u64, times: u32, algorithm: Algorithm, isolates: u64) -> Day {
    Day {
        keys: 1,
        calls_per_second: amount as f64 * f64::from(times) / 60.0,
        seconds: 160,
        isolates,
        rise_seconds: if isolates > 4 { 10 } else { 0 },
        plans: vec![amount],
        algorithm,
        three_limits: false,
    }
}

const SEEDS: u64 = 20;
const HOT_SEEDS: u64 = 3;
const HEAD: &str = "\
| A calm day, 20 times | Messages per 1,000 calls: least / median / most | Left unused where demand was higher, at worst | Calls that waited, at most | Wait, p99 at worst |
|---|---|---|---|---|
";
const HOT: &str = "
| One counter, 3 times; its isolates come up within ten seconds | Isolates | Messages per 1,000 calls: least / median / most | Of the busiest object in its busiest second | Calls refused, at most | Left unused where demand was higher, at worst |
|---|---|---|---|---|---|
";
