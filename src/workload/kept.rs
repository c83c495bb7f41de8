//! Traffic that is read once and played again and again.

use super::app::{App, AppId, Apps};
use super::request::Request;
use super::{Traffic, TrafficError};

/// Requests of a whole traffic, in memory.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    apps: Vec<App>,
    requests: Vec<Request>,
}

impl Kept {
    /// What each request takes [byte]: a million requests are 64 MB.
    pub const BYTES_PER_REQUEST: usize = size_of::<Request>();

    /// Reads traffic to its end. `None` where it has more than `most` requests: nothing is read
    /// beyond the first one too many, and every pass has to open the source again.
    pub fn read(traffic: &mut dyn Traffic, most: usize) -> Result<Option<Self>, TrafficError> {
        let mut apps = Apps::default();
        let mut requests = Vec::new();
        while let Some(request) = traffic.next(&mut apps) {
            let request = request?;
            if requests.len() == most {
                return Ok(None);
            }
            requests.push(request);
        }
        requests.shrink_to_fit();
        let apps = apps.all().to_vec();
        Ok(Some(Self { apps, requests }))
    }

    /// The requests in time order; their apps are places in [`Self::apps`].
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// Every app, in the order of meeting.
    pub fn apps(&self) -> &[App] {
        &self.apps
    }

    /// The same traffic once more.
    pub fn traffic(&self) -> Replay<'_> {
        Replay {
            apps: &self.apps,
            ids: Vec::new(),
            requests: self.requests.iter(),
        }
    }
}

/// Kept requests as traffic. All their apps become known with the first of them.
#[derive(Clone, Debug)]
pub struct Replay<'k> {
    apps: &'k [App],
    /// The ids that the receiver knows the apps by.
    ids: Vec<AppId>,
    requests: std::slice::Iter<'k, Request>,
}

impl Traffic for Replay<'_> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let request = self.requests.next()?;
        if self.ids.is_empty() {
            let ids = self.apps.iter().map(|app| apps.id(app.clone()));
            self.ids = ids.collect();
        }
        let app = self.ids[request.app.place()];
        Some(Ok(Request { app, ..*request }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::tests::{all, request};

    /// A request a second from `anna` and `ben` by turns, and an error after the last.
    struct Two {
        at: u32,
        last: u32,
        error: Option<&'static str>,
    }

    impl Two {
        fn new(last: u32) -> Self {
            Self {
                at: 0,
                last,
                error: None,
            }
        }
    }

    impl Traffic for Two {
        fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
            if self.at == self.last {
                return self.error.map(|error| Err(TrafficError::new(error)));
            }
            self.at += 1;
            let name = if self.at % 2 == 1 { "anna" } else { "ben" };
            let app = apps.id(App::named(name));
            let at = u64::from(self.at) * 1_000_000;
            Some(Ok(Request {
                app,
                ..request(at, self.at)
            }))
        }
    }

    fn kept(requests: u32) -> Kept {
        let kept = Kept::read(&mut Two::new(requests), 10).unwrap();
        kept.expect("ten at most")
    }

    #[test]
    fn every_replay_is_what_was_read() {
        let read = all(Two::new(5)).unwrap();
        let kept = kept(5);
        assert_eq!(read.len(), 5);
        assert_eq!(kept.requests(), read);
        assert_eq!(kept.apps(), [App::named("anna"), App::named("ben")]);
        for _ in 0..2 {
            assert_eq!(all(kept.traffic()).unwrap(), read);
        }
    }

    #[test]
    fn apps_take_the_ids_that_the_receiver_has_for_them() {
        let kept = kept(2);
        let mut apps = Apps::default();
        for known in ["zoe", "ben"] {
            apps.id(App::named(known));
        }
        let mut replay = kept.traffic();
        let mut name = || {
            let request = replay.next(&mut apps).unwrap().unwrap();
            apps.all()[request.app.place()].name().to_owned()
        };
        assert_eq!([name(), name()], ["anna", "ben"]);
        assert_eq!(apps.all().len(), 3);
    }

    #[test]
    fn what_is_too_long_is_read_no_further() {
        let mut traffic = Two::new(9);
        assert!(Kept::read(&mut traffic, 4).unwrap().is_none());
        assert_eq!(traffic.at, 5);
        assert!(Kept::read(&mut Two::new(4), 4).unwrap().is_some());
    }

    #[test]
    fn an_error_is_passed_on() {
        let mut traffic = Two {
            error: Some("line 7 is bad"),
            ..Two::new(3)
        };
        let error = Kept::read(&mut traffic, 10).unwrap_err();
        assert_eq!(error.to_string(), "line 7 is bad");
    }

    #[test]
    fn nothing_is_kept_of_no_traffic() {
        assert_eq!(all(kept(0).traffic()).unwrap(), []);
    }

    #[test]
    fn a_million_requests_take_64_megabytes() {
        assert_eq!(Kept::BYTES_PER_REQUEST, 64);
    }
}
