//! What a polling device is told.

use model::{ClientId, Timestamp};

use crate::{ErrorKind, OauthError};

/// What is kept of a device code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceState {
    /// To whom it was issued.
    pub client: ClientId,
    /// What became of it.
    pub status: DeviceStatus,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// The last poll.
    pub polled_at: Option<Timestamp>,
    /// Seconds to wait between two polls; grows by five with each that comes too soon.
    pub interval_seconds: i64,
}

/// What became of a device code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceStatus {
    /// Nobody has typed the code yet, or not answered.
    Pending,
    /// The person said yes.
    Approved,
    /// The person said no.
    Denied,
    /// The tokens were fetched.
    Spent,
}

/// What to do about a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PollVerdict {
    /// Issue, if no other poll does at this moment.
    Redeem,
    /// Write down that it was polled, with the next interval in seconds, then refuse.
    Wait {
        /// Seconds until the next poll.
        interval_seconds: i64,
        /// `authorization_pending` or `slow_down`.
        error: OauthError,
    },
    /// Refuse.
    Refused(OauthError),
}

impl DeviceStatus {
    /// The status of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Pending, Self::Approved, Self::Denied, Self::Spent]
            .into_iter()
            .find(|status| status.as_str() == name)
    }

    /// The name that the database knows it by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Approved => "APPROVED",
            Self::Denied => "DENIED",
            Self::Spent => "SPENT",
        }
    }
}

/// Judges a poll by `client`. What is approved is given out however soon the device comes for it.
#[must_use]
pub fn judge_poll(device: &DeviceState, client: &ClientId, now: Timestamp) -> PollVerdict {
    if device.client != *client {
        return PollVerdict::Refused(OauthError::device_code());
    }
    match device.status {
        DeviceStatus::Spent => PollVerdict::Refused(OauthError::device_code()),
        _ if now >= device.expires_at => PollVerdict::Refused(OauthError::new(
            ErrorKind::ExpiredToken,
            "the code was not confirmed in time; start again",
        )),
        DeviceStatus::Denied => PollVerdict::Refused(OauthError::new(
            ErrorKind::AccessDenied,
            "the person said no",
        )),
        DeviceStatus::Approved => PollVerdict::Redeem,
        DeviceStatus::Pending => wait(device, now),
    }
}

fn wait(device: &DeviceState, now: Timestamp) -> PollVerdict {
    let is_too_soon = device
        .polled_at
        .is_some_and(|last| now.ms_since(last) < device.interval_seconds.saturating_mul(1000));
    if !is_too_soon {
        return PollVerdict::Wait {
            interval_seconds: device.interval_seconds,
            error: OauthError::new(
                ErrorKind::AuthorizationPending,
                "nobody has confirmed the code yet; poll again",
            ),
        };
    }
    let interval_seconds = device
        .interval_seconds
        .saturating_add(SLOWER_SECONDS)
        .min(MAX_SECONDS);
    PollVerdict::Wait {
        interval_seconds,
        error: OauthError::new(
            ErrorKind::SlowDown,
            format!("wait {interval_seconds} seconds between two polls"),
        ),
    }
}

impl OauthError {
    /// The one answer for every device code that is not good.
    #[must_use]
    pub fn device_code() -> Self {
        Self::new(
            ErrorKind::InvalidGrant,
            "the device code is unknown, spent or another client's; start again",
        )
    }
}

/// RFC 8628 section 3.5.
const SLOWER_SECONDS: i64 = 5;
const MAX_SECONDS: i64 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn device(status: DeviceStatus) -> DeviceState {
        DeviceState {
            client: "c".into(),
            status,
            expires_at: NOW.plus_ms(1),
            polled_at: None,
            interval_seconds: 5,
        }
    }

    fn word(verdict: &PollVerdict) -> &'static str {
        match verdict {
            PollVerdict::Redeem => "redeem",
            PollVerdict::Wait { error, .. } | PollVerdict::Refused(error) => error.kind.as_str(),
        }
    }

    #[test]
    fn each_state_has_its_word() {
        let check = |status, client: &str, expires_in_ms, expected| {
            let device = DeviceState {
                expires_at: NOW.plus_ms(expires_in_ms),
                ..device(status)
            };
            assert_eq!(
                word(&judge_poll(&device, &client.into(), NOW)),
                expected,
                "{status:?} {client} {expires_in_ms}"
            );
        };
        check(DeviceStatus::Pending, "c", 1, "authorization_pending");
        check(DeviceStatus::Approved, "c", 1, "redeem");
        check(DeviceStatus::Denied, "c", 1, "access_denied");
        check(DeviceStatus::Spent, "c", 1, "invalid_grant");
        check(DeviceStatus::Spent, "c", 0, "invalid_grant");
        check(DeviceStatus::Pending, "c", 0, "expired_token");
        check(DeviceStatus::Approved, "c", 0, "expired_token");
        check(DeviceStatus::Denied, "c", 0, "expired_token");
        check(DeviceStatus::Approved, "d", 1, "invalid_grant");
    }

    #[test]
    fn hasty_device_is_slowed_down() {
        let check = |since_ms: i64, interval_seconds, expected: (i64, &str)| {
            let device = DeviceState {
                polled_at: Some(NOW.plus_ms(-since_ms)),
                interval_seconds,
                ..device(DeviceStatus::Pending)
            };
            let verdict = judge_poll(&device, &"c".into(), NOW);
            let PollVerdict::Wait {
                interval_seconds,
                error,
            } = verdict
            else {
                panic!("{verdict:?}");
            };
            assert_eq!((interval_seconds, error.kind.as_str()), expected);
        };
        check(5000, 5, (5, "authorization_pending"));
        check(4999, 5, (10, "slow_down"));
        check(9999, 10, (15, "slow_down"));
        check(0, 60, (60, "slow_down"));
        let hasty = DeviceState {
            polled_at: Some(NOW),
            ..device(DeviceStatus::Approved)
        };
        assert_eq!(judge_poll(&hasty, &"c".into(), NOW), PollVerdict::Redeem);
    }

    #[test]
    fn every_status_reads_back() {
        for status in [
            DeviceStatus::Pending,
            DeviceStatus::Approved,
            DeviceStatus::Denied,
            DeviceStatus::Spent,
        ] {
            assert_eq!(DeviceStatus::named(status.as_str()), Some(status));
        }
        assert_eq!(DeviceStatus::named("pending"), None);
    }
}
