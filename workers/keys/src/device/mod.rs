//! The device flow (RFC 8628): a device asks for a code, its person types it at `/device`, the device polls.

mod begin;
mod confirm;
mod poll;

pub(crate) use begin::begin;
pub(crate) use confirm::{decide, look_up};
pub(crate) use poll::exchange;
