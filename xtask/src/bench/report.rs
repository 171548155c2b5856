//! The bench's figures, as a table for people and as JSON for machines.

use serde_json::{Value, json};

use super::load::Outcome;

/// All rounds of one candidate.
#[derive(Default)]
pub(crate) struct Figures {
    /// What was run.
    pub(crate) name: &'static str,
    /// CPU time of the candidate's process per request, one value a round, in microseconds.
    pub(crate) cpu_us: Vec<f64>,
    /// Requests per second, one value a round.
    pub(crate) throughput: Vec<f64>,
    /// Median round-trip, one value a round, in microseconds.
    pub(crate) p50_us: Vec<u64>,
    /// 99th percentile of the round-trip, one value a round, in microseconds.
    pub(crate) p99_us: Vec<u64>,
    /// Answers other than 200 over all rounds.
    pub(crate) refused: usize,
    /// Resident memory at the end, in KiB.
    pub(crate) resident_kib: u64,
    /// What only some candidates can tell: counter calls, Wasm size, start-up.
    pub(crate) remarks: Vec<(&'static str, Value)>,
}

impl Figures {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    /// Adds a round.
    pub(crate) fn add(&mut self, outcome: &Outcome, cpu_us: u64) {
        let answered = outcome.latencies_us.len() + outcome.refused;
        self.cpu_us.push(cpu_us as f64 / answered.max(1) as f64);
        self.throughput
            .push(answered as f64 / outcome.seconds.max(f64::EPSILON));
        self.p50_us.push(quantile(&outcome.latencies_us, 50));
        self.p99_us.push(quantile(&outcome.latencies_us, 99));
        self.refused += outcome.refused;
    }

    /// Median over the rounds of the CPU time per request, in microseconds.
    pub(crate) fn cpu(&self) -> f64 {
        median(&self.cpu_us)
    }

    /// Median over the rounds of how many times the other's CPU time this took in the same round.
    fn times(&self, other: &Self) -> f64 {
        let rounds = self.cpu_us.iter().zip(&other.cpu_us);
        median(&rounds.map(|(own, other)| own / other).collect::<Vec<_>>())
    }

    fn json(&self) -> Value {
        let mut object = json!({
            "name": self.name,
            "cpuMicrosPerRequest": round(self.cpu()),
            "cpuMicrosPerRound": self.cpu_us.iter().map(|value| round(*value)).collect::<Vec<_>>(),
            "requestsPerSecond": round(median(&self.throughput)),
            "p50Micros": middle(&self.p50_us),
            "p99Micros": middle(&self.p99_us),
            "refused": self.refused,
            "residentKiB": self.resident_kib,
        });
        if let Some(fields) = object.as_object_mut() {
            for (name, value) in &self.remarks {
                fields.insert((*name).to_owned(), value.clone());
            }
        }
        object
    }
}

/// The table: one line a candidate, with its CPU time as a multiple of the floor's and of the hand-written Worker's, round
/// by round.
pub(crate) fn table(all: &[Figures]) -> String {
    let of = |name: &str| all.iter().find(|figures| figures.name == name);
    let (floor, handmade) = (of("floor"), of("handmade"));
    let times = |figures: &Figures, other: Option<&Figures>| {
        other.map_or_else(
            || "-".into(),
            |other| format!("{:.2}x", figures.times(other)),
        )
    };
    let mut text = format!(
        "{:<18} {:>9} {:>9} {:>12} {:>9} {:>9} {:>9} {:>8} {:>9}\n",
        "candidate",
        "CPU µs",
        "x floor",
        "x handmade",
        "req/s",
        "p50 µs",
        "p99 µs",
        "not 200",
        "RSS MiB"
    );
    for figures in all {
        text.push_str(&format!(
            "{:<18} {:>9.1} {:>9} {:>12} {:>9.0} {:>9} {:>9} {:>8} {:>9}\n",
            figures.name,
            figures.cpu(),
            times(figures, floor),
            times(figures, handmade),
            median(&figures.throughput),
            middle(&figures.p50_us),
            middle(&figures.p99_us),
            figures.refused,
            figures.resident_kib / 1024,
        ));
    }
    for figures in all {
        for (name, value) in &figures.remarks {
            text.push_str(&format!("{}: {name} = {value}\n", figures.name));
        }
    }
    text
}

/// The same as JSON.
pub(crate) fn json(all: &[Figures]) -> Value {
    json!({ "candidates": all.iter().map(Figures::json).collect::<Vec<_>>() })
}

fn quantile(sorted: &[u64], percent: usize) -> u64 {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(0)
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

fn middle(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
