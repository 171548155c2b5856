//! match: which operation of which API does the request mean, and where would it go?

use std::rc::Rc;

use matching::{NoOperation, Path};
use model::{ApiState, Catalog, Deployment, Operation, Timestamp, shard_of};
use problem::Problem;

use crate::{Facts, Need, Trace, decision::Stop, refusal::Rejection, request::Opened};

/// A request whose operation is known.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) deployment: Rc<Deployment>,
    /// Index of the operation; `None` for a preflight, which means every operation of the path.
    operation: usize,
    /// The canonical path below the base path.
    pub(crate) below: String,
    /// Methods that the path has, for a preflight.
    pub(crate) methods: Vec<String>,
    pub(crate) is_preflight: bool,
}

impl Located {
    pub(crate) const fn operation_index(&self) -> usize {
        self.operation
    }

    pub(crate) fn operation(&self) -> Option<&Operation> {
        self.deployment.operations.get(self.operation)
    }
}

/// Finds the operation. What is not found in a catalogue older than a second is looked for once more in a fresh one.
pub(crate) fn find(
    opened: &Opened<'_>,
    facts: &mut Facts,
    now: Timestamp,
    trace: &mut Trace,
) -> Result<Located, Stop> {
    let found = deployed(opened.host, &opened.path, facts, now)?;
    let found = match found {
        None => of_tenant(opened, facts, now)?,
        found => found,
    };
    let Some((deployment, below)) = found else {
        facts.recheck(Need::Catalog, now)?;
        return Err(not_found(opened));
    };
    trace.api(&deployment);
    if deployment.state == ApiState::Retired {
        return Err(not_found(opened));
    }
    match matching::operation(&deployment.operations, opened.method, &below) {
        Ok(matched) => {
            let operation = deployment
                .operations
                .iter()
                .position(|it| std::ptr::eq(it, matched.operation))
                .unwrap_or_default();
            trace.operation(operation);
            Ok(Located {
                operation,
                deployment,
                below,
                methods: Vec::new(),
                is_preflight: false,
            })
        }
        Err(NoOperation::WrongMethod(methods))
            if opened.method == "OPTIONS" && deployment.cors.is_some() =>
        {
            Ok(Located {
                operation: usize::MAX,
                deployment,
                below,
                methods,
                is_preflight: true,
            })
        }
        Err(NoOperation::WrongMethod(methods)) => {
            facts.recheck(Need::Catalog, now)?;
            Err(Rejection {
                problem: Problem::new("405"),
                headers: vec![("allow", methods.join(", "))],
            }
            .into())
        }
        Err(NoOperation::UnknownPath) => {
            facts.recheck(Need::Catalog, now)?;
            Err(not_found(opened))
        }
    }
}

/// WSO2's clients have their tenant's domain before the context; an API is found there if it is that tenant's.
fn of_tenant(
    opened: &Opened<'_>,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Option<Found>, Stop> {
    let Some((domain, below)) = opened.path.of_tenant() else {
        return Ok(None);
    };
    let found = deployed(opened.host, &below, facts, now)?;
    Ok(found.filter(|(deployment, _)| deployment.organization.as_str() == domain))
}

/// A Deployment, and the path below its base path.
type Found = (Rc<Deployment>, String);

fn deployed(
    host: &str,
    path: &Path,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Option<Found>, Stop> {
    let catalog = facts.catalog(now)?;
    match deployed_by(&catalog, (host, path), facts) {
        Err(missing) => facts
            .or_older(missing, now, |older, facts| {
                deployed_by(older, (host, path), facts).ok().flatten()
            })
            .map(Some),
        found => found,
    }
}

fn deployed_by(
    catalog: &Catalog,
    (host, path): (&str, &Path),
    facts: &mut Facts,
) -> Result<Option<Found>, Stop> {
    let Some(shard) = catalog.shards.get(&shard_of(path.as_str())) else {
        return Ok(None);
    };
    let shard = facts.shard(shard)?;
    let Some(routed) = matching::route(&shard.routes, host, path) else {
        return Ok(None);
    };
    let deployment = facts.deployment(&routed.route.deployment)?;
    Ok(Some((deployment, routed.below.to_owned())))
}

/// Does the API serve at all? Its state comes before the caller's credential and after a preflight, as in the peer: a
/// browser that is refused the preflight could not read why.
pub(crate) fn serving(located: &Located, facts: &mut Facts, now: Timestamp) -> Result<(), Stop> {
    if located.deployment.state == ApiState::Blocked {
        facts.recheck(Need::Catalog, now)?;
        return Err(Problem::new("700700").into());
    }
    Ok(())
}

fn not_found(opened: &Opened<'_>) -> Stop {
    let path = opened.path.as_str();
    let shown: String = path.chars().take(200).collect();
    Problem::new("404")
        .detail(format!("the requested resource `{shown}` is not available"))
        .into()
}
