//! What can go wrong in a shell: something to tell the client, or something to tell the log.

use problem::Problem;

/// The end of a request that did not go well.
#[derive(Debug)]
pub enum Failure {
    /// The client is told this.
    Problem(Box<Problem>),
    /// The log is told this; the client gets a bare 500.
    Internal(String),
}

/// What shell functions return.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// The problem with this code and nothing added.
    #[must_use]
    pub fn code(code: &str) -> Self {
        Problem::new(code).into()
    }

    /// The problem with this code and a detail that is safe for the client.
    #[must_use]
    pub fn because(code: &str, detail: impl Into<String>) -> Self {
        Problem::new(code).detail(detail).into()
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
