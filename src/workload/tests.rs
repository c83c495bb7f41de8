//! What tests of traffic share.

use super::*;
use crate::time::SimTime;

/// Every request of `traffic`, or its first error.
pub(super) fn all(mut traffic: impl Traffic) -> Result<Vec<Request>, String> {
    let mut apps = Apps::default();
    let mut requests = Vec::new();
    while let Some(request) = traffic.next(&mut apps) {
        requests.push(request.map_err(|error| error.to_string())?);
    }
    Ok(requests)
}

/// A request at a time [µs] with so much input.
pub(super) fn request(at: u64, input: u32) -> Request {
    Request {
        at: SimTime::from_micros(at),
        app: AppId::default(),
        tokens: RequestTokens {
            input,
            output: 1,
            ..RequestTokens::default()
        },
        max_tokens: None,
        latency: None,
        priority: None,
    }
}

/// Whether no request is earlier than the one before it.
pub(super) fn is_ordered(requests: &[Request]) -> bool {
    requests.is_sorted_by_key(|request| request.at)
}
