//! The end of an OAuth request that did not go well: in RFC 6749's words where it has some.

use oauth::OauthError;
use runtime::{Failure, Outcome, reply};
use worker::Response;

/// Why an OAuth endpoint does not do what was asked.
pub(crate) enum Stop {
    Oauth(OauthError),
    Failure(Failure),
}

/// What functions of the OAuth endpoints return.
pub(crate) type Step<T> = Result<T, Stop>;

impl From<OauthError> for Stop {
    fn from(error: OauthError) -> Self {
        Self::Oauth(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The answer, good or not.
pub(crate) fn answer(step: Step<Response>) -> Outcome<Response> {
    let error = match step {
        Ok(response) => return Ok(response),
        Err(Stop::Failure(failure)) => return Err(failure),
        Err(Stop::Oauth(error)) => error,
    };
    let response = reply::text(error.status(), "application/json", error.body())?;
    match (error.status(), error.retry_after_seconds) {
        (401, _) => reply::with_header(response, "www-authenticate", "Basic realm=\"Postern\""),
        (_, Some(seconds)) => reply::with_header(response, "retry-after", &seconds.to_string()),
        (_, None) => Ok(response),
    }
}

/// A refusal of a password outside the OAuth endpoints: the management body with 401 or 429.
pub(crate) fn as_failure(stop: Stop) -> Failure {
    match stop {
        Stop::Failure(failure) => failure,
        Stop::Oauth(error) => {
            let problem = problem::Problem::new(if error.status() == 429 { "429" } else { "401" });
            let problem = problem.detail(error.description);
            match error.retry_after_seconds {
                Some(seconds) => problem.retry(problem::NextAccess {
                    retry_after_seconds: seconds,
                    text: format!("{seconds} seconds"),
                }),
                None => problem,
            }
            .into()
        }
    }
}
