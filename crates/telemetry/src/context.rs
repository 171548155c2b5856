//! The trace that a call belongs to: W3C Trace Context, level 2.

use crate::{Sampling, hex};

/// A call's place in its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    trace_id: u128,
    /// The span of whoever called, when it said so.
    parent: Option<u64>,
    /// The gateway's own span.
    span: u64,
    /// The span of the call upstream, which the upstream's spans have as their parent.
    outbound: u64,
    flags: u8,
    is_told: bool,
}

impl TraceContext {
    /// Continues the trace of a `traceparent`, or starts one when there is none or it is not well formed.
    ///
    /// `name` is the request's own, unique and random; what is made of it is as random as it is.
    #[must_use]
    pub fn begin(traceparent: Option<&str>, name: &str, sampling: Sampling) -> Self {
        let (first, second) = seeds(name);
        let span = not_zero(mix(first ^ SPAN));
        let outbound = not_zero(mix(second ^ SPAN));
        if let Some(parent) = traceparent.and_then(Parent::parse) {
            let is_sampled = parent.flags & SAMPLED != 0;
            let is_told = sampling.is_on() && (is_sampled || sampling.chooses(parent.trace_id));
            let chosen = if is_told { SAMPLED } else { 0 };
            return Self {
                trace_id: parent.trace_id,
                parent: Some(parent.span),
                span,
                outbound,
                flags: parent.flags & (SAMPLED | RANDOM) | chosen,
                is_told,
            };
        }
        let trace_id = u128::from(not_zero(mix(first))) << 64 | u128::from(mix(second));
        let is_told = sampling.is_on() && sampling.chooses(trace_id);
        Self {
            trace_id,
            parent: None,
            span,
            outbound,
            flags: if is_told { RANDOM | SAMPLED } else { RANDOM },
            is_told,
        }
    }

    /// Was it the caller's? Otherwise what the caller said beside it (`tracestate`) belongs to no trace.
    #[must_use]
    pub const fn is_continued(&self) -> bool {
        self.parent.is_some()
    }

    /// Is a collector told of this call?
    #[must_use]
    pub const fn is_told(&self) -> bool {
        self.is_told
    }

    /// The `traceparent` that the upstream gets.
    #[must_use]
    pub fn traceparent(&self) -> String {
        let mut text = String::with_capacity(LENGTH);
        text.push_str("00-");
        hex::push(&mut text, self.trace_id, 32);
        text.push('-');
        hex::push(&mut text, u128::from(self.outbound), 16);
        text.push('-');
        hex::push(&mut text, u128::from(self.flags), 2);
        text
    }

    /// Name of the trace: 32 digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        let mut text = String::with_capacity(32);
        hex::push(&mut text, self.trace_id, 32);
        text
    }

    /// Name of the caller's span: 16 digits.
    #[must_use]
    pub fn parent_id(&self) -> Option<String> {
        self.parent.map(span_id)
    }

    /// Name of the gateway's span.
    #[must_use]
    pub fn span_id(&self) -> String {
        span_id(self.span)
    }

    /// Name of the span of the call upstream.
    #[must_use]
    pub fn outbound_id(&self) -> String {
        span_id(self.outbound)
    }
}

fn span_id(number: u64) -> String {
    let mut text = String::with_capacity(16);
    hex::push(&mut text, u128::from(number), 16);
    text
}

/// What a `traceparent` says.
struct Parent {
    trace_id: u128,
    span: u64,
    flags: u8,
}

impl Parent {
    /// Version, trace, span and flags. A version that is not known yet may say more behind them; `ff` is none, and names
    /// that are all zeros name nothing. Several values in one field are not well formed either.
    fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let version = hex::parse(bytes.get(..2)?)?;
        let ends = match bytes.get(LENGTH) {
            None => bytes.len() == LENGTH,
            Some(more) => version > 0 && *more == b'-',
        };
        let dashes = [2, 35, 52].iter().all(|at| bytes.get(*at) == Some(&b'-'));
        if version == 0xff || !ends || !dashes {
            return None;
        }
        let trace_id = hex::parse(bytes.get(3..35)?)?;
        let span = hex::parse(bytes.get(36..52)?)? as u64;
        let flags = hex::parse(bytes.get(53..LENGTH)?)? as u8;
        (trace_id != 0 && span != 0).then_some(Self {
            trace_id,
            span,
            flags,
        })
    }
}

/// Two numbers of a name, which differ wherever names do (FNV-1a, from two beginnings).
fn seeds(name: &str) -> (u64, u64) {
    name.bytes().fold(
        (0xcbf2_9ce4_8422_2325, 0x6c62_272e_07bb_0142),
        |(a, b), byte| {
            let step = |hash: u64| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            (step(a), step(b).rotate_left(5))
        },
    )
}

/// Spreads a number over all bits (the finalizer of splitmix64, which maps no two numbers to one).
const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// All zeros name nothing.
const fn not_zero(number: u64) -> u64 {
    if number == 0 { 1 } else { number }
}

/// Length of a `traceparent` of version 0.
const LENGTH: usize = 55;
/// Somebody has chosen this trace to be recorded.
const SAMPLED: u8 = 1;
/// The trace's name has a random part that others may sample by.
const RANDOM: u8 = 2;
/// Sets the names of spans apart from those of traces.
const SPAN: u64 = 0x7370_616e_7370_616e;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN_OF_CALLER: &str = "00f067aa0ba902b7";

    fn begin(traceparent: &str) -> TraceContext {
        TraceContext::begin(
            Some(traceparent),
            "00000000000000aa00000001",
            Sampling::off(),
        )
    }

    #[test]
    fn a_trace_that_came_along_goes_on() {
        for (version, flags, more, passed) in [
            ("00", "01", "", "01"),
            ("00", "00", "", "00"),
            ("00", "03", "", "03"),
            // Flags that nobody knows yet are not passed on, nor is what a later version says.
            ("00", "ff", "", "03"),
            ("01", "01", "-more", "01"),
            ("cc", "02", "", "02"),
        ] {
            let context = begin(&format!("{version}-{TRACE}-{SPAN_OF_CALLER}-{flags}{more}"));
            assert!(context.is_continued(), "{version} {flags} {more}");
            let sent = context.traceparent();
            assert!(sent.starts_with(&format!("00-{TRACE}-")), "{sent}");
            assert!(sent.ends_with(&format!("-{passed}")), "{sent}");
            assert!(
                !sent.contains(SPAN_OF_CALLER),
                "the upstream's parent is our span"
            );
            assert_eq!(context.parent_id().as_deref(), Some(SPAN_OF_CALLER));
        }
    }

    #[test]
    fn a_trace_that_is_not_well_formed_starts_anew() {
        let zeros = "0".repeat(32);
        for bad in [
            String::new(),
            "x".to_owned(),
            format!("ff-{TRACE}-{SPAN_OF_CALLER}-01"),
            format!("00-{zeros}-{SPAN_OF_CALLER}-01"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{TRACE}-{SPAN_OF_CALLER}-01-more"),
            format!("00-{TRACE}-{SPAN_OF_CALLER}-1"),
            format!("00-{TRACE}-{SPAN_OF_CALLER}"),
            format!("00-{}-{SPAN_OF_CALLER}-01", TRACE.to_uppercase()),
            format!("01-{TRACE}-{SPAN_OF_CALLER}-01.more"),
            format!("00-{TRACE}-{SPAN_OF_CALLER}-01, 00-{TRACE}-{SPAN_OF_CALLER}-01"),
            format!("00_{TRACE}-{SPAN_OF_CALLER}-01"),
            format!(" 0-{TRACE}-{SPAN_OF_CALLER}-01"),
            format!("00-{TRACE}-{SPAN_OF_CALLER}-é"),
        ] {
            let context = begin(&bad);
            assert!(!context.is_continued(), "{bad}");
            assert!(!context.traceparent().contains(TRACE), "{bad}");
            let sent = context.traceparent();
            assert!(Parent::parse(&sent).is_some(), "{sent}");
        }
    }

    #[test]
    fn each_request_has_names_of_its_own() {
        let mut seen = HashSet::new();
        for number in 0..20_000_u32 {
            let name = format!("00000000000000aa{number:08x}");
            let context = TraceContext::begin(None, &name, Sampling::off());
            assert_eq!(context, TraceContext::begin(None, &name, Sampling::off()));
            for id in [context.trace_id(), context.span_id(), context.outbound_id()] {
                assert!(seen.insert(id), "{name}");
            }
        }
    }

    #[test]
    fn a_share_of_the_traces_is_told_and_every_chosen_one() {
        let told = |parent: Option<&str>, ratio: f64| {
            (0..4_000_u32)
                .filter(|number| {
                    let name = format!("00000000000000aa{number:08x}");
                    TraceContext::begin(parent, &name, Sampling::share(ratio)).is_told()
                })
                .count()
        };
        assert_eq!(told(None, 0.0), 0);
        assert_eq!(told(None, 1.0), 4_000);
        assert!((300..500).contains(&told(None, 0.1)), "{}", told(None, 0.1));
        let chosen = format!("00-{TRACE}-{SPAN_OF_CALLER}-01");
        assert_eq!(told(Some(&chosen), 0.0), 4_000);
        assert!(!begin(&chosen).is_told(), "there is no collector");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC*") {
            let sent = begin(&text).traceparent();
            proptest::prop_assert_eq!(sent.len(), LENGTH);
            proptest::prop_assert!(Parent::parse(&sent).is_some());
        }
    }
}
