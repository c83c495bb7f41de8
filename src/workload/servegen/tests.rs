//! Two small tables.

use super::*;
use crate::workload::tests::{all, is_ordered};

const RATES: &str = "client,window_start_s,rate_per_s,cv,family,p1,p2\n\
    3,0,2.0,1,Gamma,1,0.5\n3,1200,1.0,2,Gamma,0.25,4\n8,600,5.0,1,Weibull,0.8,9\n";
const TOKENS: &str = "client,window_start_s,field,tokens,prob\n\
    3,0,input_tokens,100,0.5\n3,0,input_tokens,200,0.5\n3,0,output_tokens,40,1\n\
    3,0,reason_ratio,0.25,1\n";

fn drawn(rates: &str, tokens: &str, seed: u64) -> Result<(Vec<Request>, Vec<u32>), String> {
    let input = |text: &str, name| Input {
        bytes: Box::new(std::io::Cursor::new(text.as_bytes().to_vec())),
        name,
    };
    let options = ServeGenOptions {
        start: SimTime::from_micros(1_000),
        seed: Seed::new(seed),
        prefix: "client".to_owned(),
    };
    let traffic = ServeGen::new(input(rates, "r.csv"), input(tokens, "t.csv"), &options)
        .map_err(|error| error.to_string())?;
    let others = traffic.without_histograms();
    Ok((all(traffic)?, others))
}

#[test]
fn windows_have_their_rates() {
    let (found, others) = drawn(RATES, TOKENS, 3).unwrap();
    assert!(is_ordered(&found));
    assert_eq!(others, [8]);
    let count = |client: usize, window: u64| {
        let is_in = |request: &&Request| {
            let second = (request.at.micros() - 1_000) / 1_000_000;
            request.app.place() == client && second / 600 == window
        };
        found.iter().filter(is_in).count()
    };
    // Deviations: √1200 = 35; 5 × √(600 / …) for the others, at most 3 × cv × √mean.
    assert!(count(0, 0).abs_diff(1_200) < 110);
    assert!(count(0, 2).abs_diff(600) < 150);
    assert!(count(1, 1).abs_diff(3_000) < 220);
    assert_eq!((count(0, 1), count(1, 0), count(1, 2)), (0, 0, 0));
    for request in &found {
        let tokens = request.tokens;
        assert!(tokens.input == 100 || tokens.input == 200);
        assert_eq!((tokens.output, tokens.reasoning), (40, 10));
    }
    assert_eq!(drawn(RATES, TOKENS, 3).unwrap().0, found);
}

#[test]
fn tables_that_cannot_be_right_are_refused() {
    let rate = |row: &str| format!("client,window_start_s,rate_per_s,cv,family,p1,p2\n{row}\n");
    for (row, expected) in [
        (
            "3,0,0,1,Gamma,1,1",
            "r.csv:2: `rate_per_s` is \"0\"; expected a rate above 0",
        ),
        (
            "3,7,1,1,Gamma,1,1",
            "r.csv:2: `window_start_s` is \"7\"; expected a multiple of 600",
        ),
        (
            "3,0,1,1,Pareto,1,1",
            "r.csv:2: `family` is \"Pareto\"; expected Gamma or Weibull",
        ),
        (
            "3,0,1,1,Gamma,-1,1",
            "r.csv:2: `p1` is \"-1\"; expected a shape above 0",
        ),
        ("x,0,1,1,Gamma,1,1", "r.csv:2: `client` is \"x\""),
        (
            "3,0,1,1,Gamma,1,1\n3,0,1,1,Gamma,1,1",
            "r.csv:3: `window_start_s`",
        ),
    ] {
        let error = drawn(&rate(row), TOKENS, 1).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
    let error = drawn(RATES, "client,field\n", 1).unwrap_err();
    assert!(error.starts_with("t.csv:1: there is no column"), "{error}");
    let error = drawn(RATES, "client,window_start_s,field,tokens,prob\n", 1).unwrap_err();
    assert!(
        error.starts_with("t.csv: a histogram's weights are refused"),
        "{error}"
    );
}
