//! What one request costs the simulator, at two sizes each: the plain path, corrections at
//! completion, and the calendar against other structures.

mod cpu_time;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::hint::black_box;
use std::num::NonZero;

use cpu_time::CpuTime;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tollbook::azure::{DeploymentKind, Offer};
use tollbook::catalog::CapacityWeights;
use tollbook::sim::calendar::{Calendar, Rank};
use tollbook::sim::fleet::Spillover;
use tollbook::sim::gateway::{DeploymentRole, GatewayRules, Policy};
use tollbook::sim::latency::Latency;
use tollbook::sim::provisioned::{Admission, Edge, ProvisionedRules, UnstatedMaximum};
use tollbook::sim::series::Series;
use tollbook::sim::setup::{DeploymentRules, DeploymentSetup, Setup};
use tollbook::sim::standard::StandardRules;
use tollbook::sim::weighing::Weighing;
use tollbook::sim::{DeploymentId, Simulation};
use tollbook::time::{SimDuration, SimTime};
use tollbook::units::{Ptu, TokenWeight, TokensPerMinute};
use tollbook::workload::{App, AppId, Request, RequestTokens};

const SIZES: [u64; 2] = [250_000, 1_000_000];

/// A stream that looks random and needs no generator: multiples of the golden ratio.
fn scattered(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40
}

fn requests(count: u64, max_tokens: Option<u32>) -> Vec<Request> {
    let tokens = |number| u32::try_from(scattered(number) % 2000).expect("below 2,000");
    (0..count)
        .map(|number| Request {
            at: SimTime::from_micros(number * 1000 + scattered(number) % 1000),
            app: AppId::at(0),
            tokens: RequestTokens {
                input: 100 + tokens(number),
                output: 10 + tokens(number + 1) / 8,
                ..RequestTokens::default()
            },
            max_tokens: max_tokens.and_then(NonZero::new),
            latency: None,
            priority: None,
        })
        .collect()
}

fn setup(latency: Latency) -> Setup {
    let weight = |thousandths| TokenWeight::from_thousandths(thousandths);
    let weights = CapacityWeights {
        input: weight(1000),
        cached_input: weight(0),
        cache_write: weight(1000),
        output: weight(4000),
    };
    let weighing = Weighing::by(weights, 1024);
    let provisioned = ProvisionedRules {
        weighing: weighing.clone(),
        tpm_per_ptu: TokensPerMinute::new(3000),
        capacity: vec![(SimTime::default(), Ptu::new(30_000))],
        admission: Admission::Doc,
        depth: SimDuration::from_seconds(10),
        edge: Edge::Admit,
        unstated: UnstatedMaximum::AsAnswered,
        longest_input: None,
        latency,
    };
    let deployment = |name: &str, rules, spillover| DeploymentSetup {
        name: name.to_owned(),
        logged_as: Vec::new(),
        rules,
        spillover,
    };
    let to = Spillover {
        to: DeploymentId::at(1),
        delay: SimDuration::ZERO,
    };
    let provisioned = DeploymentRules::Provisioned(Box::new(provisioned));
    let standard = DeploymentRules::Standard(StandardRules::default());
    Setup {
        deployments: vec![
            deployment("ptu", provisioned, Some(to)),
            deployment("payg", standard, None),
        ],
        gateway: GatewayRules::pass_to(DeploymentId::at(0)),
        apps: Vec::new(),
        queues: Vec::new(),
        yardstick: weighing,
        thresholds: Vec::new(),
        seed: 1,
        start: None,
        end: None,
        series: Series::ByMinute,
    }
}

fn play(setup: &Setup, requests: &[Request]) -> u64 {
    let mut simulation = Simulation::new(setup);
    simulation.introduce(&App::named("app"));
    for request in requests {
        simulation.offer(request);
    }
    simulation.finish().spilled().weighted
}

fn plain_path(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("plain path");
    for size in SIZES {
        let (setup, requests) = (setup(Latency::default()), requests(size, None));
        group.throughput(Throughput::Elements(size)).sample_size(20);
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| play(&setup, black_box(&requests)));
        });
    }
}

/// A pool of PTU and PAYG with a breaker and a retry; `ptu` decides how many calls are refused
/// there.
fn pooled(ptu: u32) -> Setup {
    let policy: Policy = toml::from_str(
        r#"
        [[pool]]
        [[pool.member]]
        offer = "provisioned"
        [[pool.member]]
        offer = "standard"
        priority = 2
        [health]
        codes = [429]
        retry_after = "seconds"
        trip_s = 10
        [retry]
        codes = [429]
        "#,
    )
    .expect("a policy");
    let role = |name: &str, offer| DeploymentRole {
        name: name.to_owned(),
        offer,
        kind: DeploymentKind::Global,
    };
    let roles = [
        role("ptu", Offer::Provisioned),
        role("payg", Offer::Standard),
    ];
    let mut setup = setup(Latency::default());
    setup.gateway = policy.resolve(&roles).expect("both roles are played");
    setup.deployments[0].spillover = None;
    if let DeploymentRules::Provisioned(rules) = &mut setup.deployments[0].rules {
        rules.capacity = vec![(SimTime::default(), Ptu::new(ptu))];
    }
    setup
}

fn gateway_policy(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("gateway policy");
    for (name, ptu) in [("room for all", 60_000), ("two thirds served", 20_000)] {
        for size in SIZES {
            let (setup, requests) = (pooled(ptu), requests(size, None));
            group.throughput(Throughput::Elements(size)).sample_size(20);
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.iter(|| play(&setup, black_box(&requests)));
            });
        }
    }
}

fn corrections(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("corrections at completion");
    let latency = Latency {
        first_token: SimDuration::from_millis(500),
        tokens_per_second: 50,
        ..Latency::default()
    };
    for size in SIZES {
        let (setup, requests) = (setup(latency), requests(size, Some(300)));
        group.throughput(Throughput::Elements(size)).sample_size(20);
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| play(&setup, black_box(&requests)));
        });
    }
}

/// Work in flight: each arrival schedules an end within five seconds, at a thousand a second.
fn ends(size: u64) -> impl Iterator<Item = (u64, u64)> {
    (0..size).map(|number| {
        (
            number * 1000,
            number * 1000 + 500_000 + scattered(number) % 4_500_000,
        )
    })
}

fn calendars(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("calendar");
    let size = SIZES[1];
    group.throughput(Throughput::Elements(size)).sample_size(20);
    group.bench_function("ring of slots", |bencher| {
        bencher.iter(|| {
            let mut calendar = Calendar::default();
            let mut sum = 0_u64;
            for (now, end) in ends(size) {
                while let Some((_, event)) =
                    calendar.advance_before_arrival(SimTime::from_micros(now))
                {
                    sum = sum.wrapping_add(event);
                }
                calendar.schedule(SimTime::from_micros(end), Rank::Completion, end);
            }
            sum
        });
    });
    group.bench_function("binary heap", |bencher| {
        bencher.iter(|| {
            let mut heap = BinaryHeap::new();
            let mut sum = 0_u64;
            for (number, (now, end)) in ends(size).enumerate() {
                while heap
                    .peek()
                    .is_some_and(|Reverse((time, _, _))| *time <= now)
                {
                    let Reverse((_, _, event)) = heap.pop().expect("just seen");
                    sum = sum.wrapping_add(event);
                }
                heap.push(Reverse((end, number, end)));
            }
            sum
        });
    });
    group.bench_function("ordered map", |bencher| {
        bencher.iter(|| {
            let mut map = BTreeMap::new();
            let mut sum = 0_u64;
            for (number, (now, end)) in ends(size).enumerate() {
                while map
                    .first_key_value()
                    .is_some_and(|((time, _), _)| *time <= now)
                {
                    let (_, event) = map.pop_first().expect("just seen");
                    sum = u64::wrapping_add(sum, event);
                }
                map.insert((end, number), end);
            }
            sum
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = plain_path, gateway_policy, corrections, calendars
}
criterion_main!(benches);
