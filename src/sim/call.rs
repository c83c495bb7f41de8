//! A call on its way: a request, and what it has been through.

use crate::time::SimTime;
use crate::workload::Request;

use super::answer::Answer;
use super::deployment::DeploymentId;

/// A call between its arrival and its end.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// What is asked for; `at` is when the caller first asked.
    pub request: Request,
    /// What it weighs by the first deployment of its route [weighted token × 10⁻³].
    pub weight: u64,
    /// The deployment it asks for by name, where one is known by it.
    pub asks: Option<DeploymentId>,
    /// Attempts at deployments so far, over all tries of gateway and client.
    pub attempts: u32,
    /// Attempts of the gateway since the client's last try.
    pub gateway_attempts: u32,
    /// Tries of the client beyond the first.
    pub client_retries: u32,
    /// The deployment that was tried last.
    pub last: Option<DeploymentId>,
    /// The provisioned deployment that refused it first or was passed over: where it spills from.
    pub spilled_from: Option<DeploymentId>,
    /// What the gateway remembers of it between attempts.
    pub passage: Passage,
    /// Who waits for it.
    pub origin: Origin,
}

/// What a gateway remembers of a call between its attempts. A call comes in anew when its
/// `gateway_attempts` are 0; the rest is then the gateway's affair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// When it came in.
    pub(super) since: SimTime,
    /// The instance that took it.
    pub(super) instance: u16,
    /// Its pool.
    pub(super) pool: u16,
    /// The member tried last.
    pub(super) member: u16,
    /// Whether its attempt is not to be repeated.
    pub(super) is_last: bool,
    /// The members tried so far, as bits.
    pub(super) tried: u64,
    /// The answer of the last attempt.
    pub(super) answer: Answer,
}

/// Who waits for the end of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A client.
    Client,
    /// A worker of a queue, with the message it holds.
    Queue {
        /// The queue's place.
        queue: u16,
        /// The delivery's place among those in work.
        delivery: u32,
    },
}

impl Call {
    /// A call that just arrived.
    pub fn new(request: Request, weight: u64, origin: Origin) -> Self {
        Self {
            request,
            weight,
            asks: None,
            attempts: 0,
            gateway_attempts: 0,
            client_retries: 0,
            last: None,
            spilled_from: None,
            passage: Passage::default(),
            origin,
        }
    }

    /// Makes it a new try of its client: the gateway knows nothing of earlier ones.
    pub fn try_again(&mut self) {
        self.client_retries += 1;
        self.gateway_attempts = 0;
    }

    /// When the caller first asked.
    pub const fn since(&self) -> SimTime {
        self.request.at
    }
}
