//! The Traffic Manager: owner of every limit's count.
//!
//! Gateways call the objects of [`LimitShard`] through their binding; the Worker itself serves nobody.

mod limit_shard;
mod rows;

use worker::{Context, Env, Request, Response, event};

pub use limit_shard::LimitShard;

/// Every request to the Worker itself: there is nothing here.
#[event(fetch)]
async fn fetch(_request: Request, _env: Env, _context: Context) -> worker::Result<Response> {
    Response::error("not found", 404)
}
