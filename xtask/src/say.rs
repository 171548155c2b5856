//! What the user reads: one line per event, under the step's name, whole lines even from several threads.

use std::{
    io::{self, Write},
    sync::OnceLock,
    time::{Duration, Instant},
};

/// Something begins or happens.
pub(crate) fn step(name: &str, text: &str) {
    line(name, text);
}

/// Something ended well.
pub(crate) fn done(name: &str, text: &str, since: Instant) {
    line(name, &format!("{text} ({})", spoken(since.elapsed())));
}

/// The whole command ended badly.
pub(crate) fn failed(text: &str) {
    let mut out = io::stderr().lock();
    let _closed = writeln!(out, "error: {text}");
}

/// A duration for people.
pub(crate) fn spoken(duration: Duration) -> String {
    match duration.as_secs() {
        0..=9 => format!("{:.1} s", duration.as_secs_f64()),
        seconds @ 10..=119 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// When this command began.
pub(crate) fn began() -> Instant {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    *BEGAN.get_or_init(Instant::now)
}

fn line(name: &str, text: &str) {
    began();
    let mut out = io::stdout().lock();
    // A reader that went away is no reason to stop the work.
    let _closed = writeln!(out, "{name:>12}  {text}").and_then(|()| out.flush());
}
