//! Faults become refusals.

use lifecycle::Fault;
use problem::Problem;
use runtime::Failure;

/// One fault under a code.
pub(crate) fn one(code: &str, place: &str, message: impl Into<String>) -> Failure {
    several(
        code,
        vec![Fault {
            place: place.to_owned(),
            message: message.into(),
        }],
    )
}

/// Several faults under a code; the first is the description.
pub(crate) fn several(code: &str, faults: Vec<Fault>) -> Failure {
    let mut problem = Problem::new(code);
    if let Some(first) = faults.first() {
        let more = match faults.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let detail = if first.place.is_empty() {
            format!("{}{more}", first.message)
        } else {
            format!("`{}`: {}{more}", first.place, first.message)
        };
        problem = problem.detail(detail);
    }
    for fault in faults {
        problem = problem.fault(fault.place, fault.message);
    }
    problem.into()
}

/// Nothing when there is no fault.
pub(crate) fn unless_empty(code: &str, faults: Vec<Fault>) -> Result<(), Failure> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(several(code, faults))
    }
}

/// The faults of a definition, with line and column where they are known.
pub(crate) fn of_definition(faults: Vec<openapi::Fault>) -> Failure {
    let code = match faults.first().map(|fault| fault.code) {
        Some(openapi::FaultCode::Syntax) => "900758",
        Some(openapi::FaultCode::UnsupportedVersion) => "900752",
        _ => "900754",
    };
    several(code, faults.into_iter().map(definition_fault).collect())
}

pub(crate) fn definition_fault(fault: openapi::Fault) -> Fault {
    let place = match (fault.pointer.is_empty(), fault.line) {
        (true, Some(line)) => format!("line {line}, column {}", fault.column.unwrap_or(1)),
        (_, None) => fault.pointer,
        (false, Some(line)) => format!("{} (line {line})", fault.pointer),
    };
    Fault {
        place,
        message: fault.message,
    }
}
