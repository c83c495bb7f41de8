//! Interactive and batch work together on real traffic: the golden table of the reference folder.

use std::fs::File;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use tollbook::sim::peers::Peers;
use tollbook::sim::queue::{GateRules, QueueRules, Route, Signal};
use tollbook::sim::setup::{AppPattern, AppRules};
use tollbook::sim::{DeploymentId, Simulation};
use tollbook::units::{Ptu, TokensPerMinute};
use tollbook::workload::{App, AppId, Request};

use crate::sim_desk::{provisioned, request, spilling, weighing};

fn azure() -> Vec<Request> {
    let shared =
        std::env::var("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE names the reference folder");
    let path = "data/traces/azure2023-conv/AzureLLMInferenceTrace_conv.csv.gz";
    let file = File::open(PathBuf::from(shared).join(path)).unwrap();
    let mut rows = csv::Reader::from_reader(GzDecoder::new(file));
    let rows = rows.records().map(Result::unwrap);
    rows.map(|row| {
        let time = chrono::NaiveDateTime::parse_from_str(&row[0], "%Y-%m-%d %H:%M:%S%.f").unwrap();
        let micros = time.and_utc().timestamp_micros().try_into().unwrap();
        request(
            micros,
            row[1].parse().unwrap(),
            row[2].parse().unwrap(),
            None,
        )
    })
    .collect()
}

/// `spilled requests / weighted tokens | sent at once | last send [s]` with so many messages.
fn together(requests: &[Request], count: usize, stop: u32, resume: u32) -> String {
    let mut setup = spilling(provisioned(250, 3000, 60));
    setup.queues = vec![QueueRules {
        route: Route::Deployment(DeploymentId::at(0)),
        gate: Some(GateRules {
            watched: DeploymentId::at(0),
            stop,
            resume,
            signal: Signal::Level,
        }),
        ..QueueRules::named("batch")
    }];
    let rules = AppRules {
        queue: Some(0),
        ..AppRules::default()
    };
    setup.apps = vec![(AppPattern("batch".to_owned()), rules)];
    let mut simulation = Simulation::new(&setup);
    simulation.introduce(&App::named("interactive"));
    simulation.introduce(&App::named("batch"));
    let message = Request {
        app: AppId::at(1),
        ..request(requests[0].at.micros(), 4000, 0, None)
    };
    (0..count).for_each(|_| simulation.offer(&message));
    for request in requests {
        simulation.offer(request);
    }
    let outcome = simulation.finish();
    assert!(outcome.conserved());
    let spilled = outcome.apps[0].spilled();
    let queue = &outcome.queues[0];
    let last = queue
        .last_sent
        .map(|last| last.since(outcome.start).micros());
    let last = last.unwrap_or(0);
    format!(
        "{} / {} | {} | {}.{:06}",
        spilled.requests,
        spilled.weighted / 1000,
        queue.sent_at_first,
        last / 1_000_000,
        last % 1_000_000
    )
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn batch_gives_way_on_the_azure_trace_exactly() {
    let requests = azure();
    for (count, stop, resume, expected) in [
        (0, 800, 800, "411 / 762195 | 0 | 0.000000"),
        (500, 800, 800, "411 / 762195 | 150 | 742.780640"),
        (500, 500, 500, "411 / 762195 | 94 | 922.858560"),
        (500, 800, 500, "411 / 762195 | 150 | 913.988880"),
        (500, 1000, 1000, "781 / 1486746 | 188 | 99.724000"),
        (1500, 800, 800, "685 / 1365313 | 150 | 3287.061520"),
        (1500, 500, 500, "588 / 1137260 | 94 | 3400.828240"),
    ] {
        let found = together(&requests, count, stop, resume);
        assert_eq!(found, expected, "{count} messages, {stop} / {resume}");
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn peers_formulas_on_the_azure_trace() {
    let sizes = [Ptu::new(250), Ptu::new(200)];
    let mut peers = Peers::new(weighing("4"), TokensPerMinute::new(3000), &sizes);
    for request in &azure() {
        peers.add(request);
    }
    let figures = peers.finish().unwrap();
    assert_eq!(format!("{:.3}", figures.mean_ptu), "221.129");
    assert_eq!(format!("{:.2}", figures.busiest_minute_ptu), "335.37");
    let spill = figures.sizes[0];
    let percent = |share: f64, decimals| format!("{:.decimals$}", share * 100.0);
    assert_eq!(percent(spill.minute_reset, 2), "3.69");
    assert_eq!(percent(spill.second_buckets, 2), "16.45");
    assert_eq!(percent(spill.below_peak, 1), "25.5");
    assert_eq!(percent(spill.p99_excess, 1), "38.6");
    assert_eq!(percent(spill.average, 0), "0");
    assert!(figures.sizes[1].average > 0.0);
}
