//! Requests drawn from measured rates of clients, as `ServeGen` publishes them.
//!
//! `rates` says for each client and window of ten minutes how many requests there were and how
//! they followed each other; `tokens` holds histograms for each client and window of six hours.
//! Neither is a log, so requests are drawn with a seed (Xiang et al., `ServeGen`, arXiv
//! 2505.09999; github.com/alibaba/ServeGen).
//!
//! In each window gaps have the fitted family and shape, scaled to the measured mean rate (the
//! fitted scales miss it, up to a factor of two), and start afresh.

mod client;
mod rates;
mod table;
mod tokens;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Read;

use super::app::{App, AppId, Apps};
use super::request::Request;
use super::seed::Seed;
use super::{Traffic, TrafficError};
use crate::time::SimTime;
use client::Client;
use tokens::Shapes;

/// A table of a `ServeGen` folder, compressed or not, and its name in errors.
pub struct Input<'a> {
    /// Its bytes.
    pub bytes: Box<dyn Read + Send>,
    /// Its name.
    pub name: &'a str,
}

/// What the tables do not tell.
#[derive(Clone, Debug)]
pub struct ServeGenOptions {
    /// Where second 0 of the tables lies.
    pub start: SimTime,
    /// What draws follow from.
    pub seed: Seed,
    /// Clients are apps of this name, a dash and their number.
    pub prefix: String,
}

/// The drawn requests of all clients.
#[derive(Debug)]
pub struct ServeGen {
    clients: Vec<Client>,
    shapes: Shapes,
    apps: Vec<AppId>,
    names: Vec<String>,
    /// When each client sends next.
    order: BinaryHeap<Reverse<(SimTime, usize)>>,
}

impl ServeGen {
    /// Reads both tables; what is drawn from them then is never held.
    pub fn new(
        rates: Input<'_>,
        tokens: Input<'_>,
        options: &ServeGenOptions,
    ) -> Result<Self, TrafficError> {
        let rates = rates::read(rates, options.start)?;
        let shapes = tokens::read(tokens, options.start)?;
        let name = |client: &u32| format!("{}-{client}", options.prefix);
        let names: Vec<_> = rates.keys().map(name).collect();
        let mut clients: Vec<_> = rates
            .into_iter()
            .zip(&names)
            .map(|((number, windows), name)| Client::new(number, windows, options.seed, name))
            .collect();
        let order = clients
            .iter_mut()
            .enumerate()
            .filter_map(|(place, client)| Some(Reverse((client.arrival()?, place))))
            .collect();
        Ok(Self {
            clients,
            shapes,
            apps: Vec::new(),
            names,
            order,
        })
    }

    /// The clients without histograms of their own, whose tokens are drawn from those of all
    /// others together.
    pub fn without_histograms(&self) -> Vec<u32> {
        let numbers = self.clients.iter().map(Client::number);
        numbers
            .filter(|client| !self.shapes.knows(*client))
            .collect()
    }
}

impl Traffic for ServeGen {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        if self.apps.is_empty() {
            let names = self.names.iter();
            self.apps = names.map(|name| apps.id(App::named(name))).collect();
        }
        let mut first = self.order.peek_mut()?;
        let Reverse((at, place)) = *first;
        let client = &mut self.clients[place];
        match client.arrival() {
            Some(next) => *first = Reverse((next, place)),
            None => {
                std::collections::binary_heap::PeekMut::pop(first);
            }
        }
        let tokens = self.shapes.draw(client.number(), at, client.tokens());
        Some(Ok(Request {
            at,
            app: self.apps[place],
            tokens,
            max_tokens: None,
            latency: None,
            priority: None,
        }))
    }
}

#[cfg(test)]
mod tests;
