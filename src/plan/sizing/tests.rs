use super::*;

const DAY: &str = "2026-11-01";

fn factor(text: &str) -> Factor {
    text.parse().unwrap()
}

fn request(input: &str, cached: &str, output: &str) -> MeanRequest {
    MeanRequest {
        input: factor(input),
        cached: factor(cached),
        output: factor(output),
        ..MeanRequest::default()
    }
}

fn sized(model: &str, rpm: &str, request: MeanRequest) -> Result<Sizing, SizingError> {
    let (catalog, rates) = (Catalog::bundled(), RateCard::bundled());
    size(&Asked {
        model: catalog.resolve(model).unwrap(),
        catalog: &catalog,
        rates: &rates,
        kinds: Vec::new(),
        terms: PtuTerm::ALL.to_vec(),
        region: "swedencentral".to_owned(),
        on: DAY.parse().unwrap(),
        load: Load::at_peak(factor(rpm), request, &Factor::one()).unwrap(),
    })
}

fn sizes(sizing: &Sizing) -> Vec<u32> {
    sizing.kinds.iter().map(|kind| kind.ptu.get()).collect()
}

/// Azure docs: how-to-provisioned-throughput-sizing.md @03b0fd5, determine-ptu-requirements.md
/// @47c247b and provisioned-throughput.md, with the sizes of each kind.
#[test]
fn the_published_examples_are_exact() {
    for (model, rpm, input, cached, output, weighted, exact, global, regional) in [
        (
            "gpt-5.2", "1000", "200", "0", "20", "360000", "105.88", 110, 150,
        ),
        (
            "gpt-5.2", "1000", "200", "0.5", "20", "260000", "76.47", 80, 100,
        ),
        (
            "gpt-5.2", "1000", "100", "0", "50", "500000", "147.06", 150, 150,
        ),
        // By hand: 1,000 × (200 + 4 × 20) ÷ 3,000.
        (
            "gpt-4.1", "1000", "200", "0", "20", "280000", "93.33", 95, 100,
        ),
        // The minimum: 60 ÷ 3,000 PTU.
        ("gpt-4.1", "1", "20", "0", "10", "60", "0.02", 15, 50),
        // Exactly a size: 45,000 ÷ 3,000.
        ("gpt-4.1", "45", "1000", "0", "0", "45000", "15.00", 15, 50),
    ] {
        let sizing = sized(model, rpm, request(input, cached, output)).unwrap();
        assert_eq!(sizing.weighted.to_trimmed(12), weighted, "{model}");
        assert_eq!(sizing.exact.to_decimal(2), exact, "{model}");
        assert_eq!(sizes(&sizing), [global, global, regional], "{model}");
    }
}

/// Azure docs, the same page: 10 images a minute.
#[test]
fn the_published_example_of_images_is_exact() {
    let request = MeanRequest {
        input: factor("2000"),
        image_input: factor("1229"),
        image_output: factor("7024"),
        ..MeanRequest::default()
    };
    let sizing = sized("gpt-image-2", "10", request).unwrap();
    assert_eq!(sizing.weighted.to_trimmed(12), "461104");
    assert_eq!(sizing.exact.to_decimal(2), "384.25");
    assert!(sizes(&sizing).iter().all(|size| *size == 400));
}

/// 100 a minute of 10,000 tokens, half of them cached, a tenth written: 100 × (4,000 × 1 +
/// 5,000 × 0.1 + 1,000 × 1.25 + 1,000 × 5) = 1,075,000, over 3,000.
#[test]
fn every_class_has_its_weight_where_the_model_has_weights() {
    let mean = MeanRequest {
        cache_write: factor("0.1"),
        ..request("10000", "0.5", "1000")
    };
    let sizing = sized("gpt-6-sol", "100", mean).unwrap();
    assert_eq!(sizing.weighted.to_trimmed(12), "1075000");
    assert_eq!(sizing.exact.to_decimal(2), "358.33");
    assert_eq!(sizes(&sizing)[0], 360);
}

/// Beyond 272,000 tokens every class weighs more: 300,000 × 2 + 1,000 × 7.5 = 607,500, over 3,000.
#[test]
fn long_requests_have_their_own_weights() {
    let sizing = sized("gpt-6-sol", "1", request("300000", "0", "1000")).unwrap();
    assert_eq!(sizing.exact.to_decimal(1), "202.5");
    assert_eq!(sizing.long_above, Some(Tokens::new(272_000)));
}

/// gpt-4.1 costs 2 USD per million input tokens and 8 per million of output, which are its
/// weights, so a busy PTU-hour is worth 3,000 × 60 × 2 ÷ 10⁶ = 0.36 USD whatever the mix.
#[test]
fn break_even_is_the_price_of_an_hour_over_what_its_tokens_cost() {
    let sizing = sized("gpt-4.1", "1000", request("200", "0", "20")).unwrap();
    let global = &sizing.kinds[0];
    assert_eq!(global.kind, DeploymentKind::Global);
    let expected = [
        // 1 ÷ 0.36, 260 ÷ 730 ÷ 0.36, 2,652 ÷ 8,760 ÷ 0.36.
        ("2.7778", "69350.00"),
        ("0.9893", "24700.00"),
        ("0.8409", "20995.00"),
    ];
    let found = global.cost.terms.iter().map(|term| {
        let share = term.break_even.as_ref().unwrap();
        (share.to_decimal(4), term.month.to_decimal(2))
    });
    let expected = expected.map(|(share, month)| (share.to_owned(), month.to_owned()));
    assert_eq!(found.collect::<Vec<_>>(), expected);
    // 1,000 × 43,800 × (200 × 2 + 20 × 8) ÷ 10⁶.
    let per_token = global.cost.per_token_month.as_ref().unwrap();
    assert_eq!(per_token.to_decimal(2), "24528.00");
}

#[test]
fn a_month_spreads_evenly_over_its_busy_hours() {
    let totals = MonthTotals {
        requests: factor("1825000"),
        input: factor("365000000"),
        output: factor("36500000"),
        busy: Some("8-18".parse().unwrap()),
    };
    // 730 h × 60 × 10 ÷ 24 = 18,250 busy minutes.
    let load = Load::of_month(&totals, MeanRequest::default(), &factor("2")).unwrap();
    assert_eq!(load.rpm, factor("200"));
    assert_eq!(load.request.input, factor("200"));
    assert_eq!(load.request.output, factor("20"));
    let weekdays = MonthTotals {
        busy: Some("8-18,mon-fri".parse().unwrap()),
        ..totals.clone()
    };
    // 5 of 7 days: the same requests in fewer minutes.
    let weekdays = Load::of_month(&weekdays, MeanRequest::default(), &factor("2")).unwrap();
    assert_eq!(weekdays.rpm, factor("280"));
    // The mean of the month is 10/24 of half the peak.
    assert_eq!(load.mean_share, Factor::ratio(5, 24));
}

#[test]
fn loads_that_cannot_be_are_refused() {
    let one = Factor::one();
    let good = || request("200", "0", "20");
    let refused = |rpm: &str, request: MeanRequest, peak: &Factor| {
        Load::at_peak(factor(rpm), request, peak)
            .unwrap_err()
            .to_string()
    };
    for (message, start) in [
        (refused("0", good(), &one), "the rate of requests is 0;"),
        (refused("-1", good(), &one), "the rate of requests is -1;"),
        (
            refused("1", request("0", "0", "0"), &one),
            "the mean request's number of tokens is 0;",
        ),
        (
            refused("1", request("200", "1.5", "20"), &one),
            "the cached share is 1.5;",
        ),
        (
            refused("1", request("200", "0", "-20"), &one),
            "the answer tokens of the mean request is -20;",
        ),
        (
            refused("1", good(), &factor("0.5")),
            "the peak is 0.5 times",
        ),
        (
            refused(
                "1",
                MeanRequest {
                    cache_write: factor("0.6"),
                    ..request("200", "0.5", "20")
                },
                &one,
            ),
            "the shares of cached input (0.5) and of cache writes (0.6)",
        ),
    ] {
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn what_no_source_gives_is_an_error() {
    let refused =
        |model: &str, rpm: &str, request| sized(model, rpm, request).unwrap_err().to_string();
    let good = || request("200", "0", "20");
    assert_eq!(
        refused("gpt-4.1", "1", request("200000", "0", "20")),
        "the mean prompt has 200000 tokens; provisioned deployments of gpt-4.1 (2025-04-14) serve \
         prompts of up to 128000, and longer ones only go to their spillover"
    );
    assert!(refused("gpt-5-nano", "1", good()).starts_with("no provisioned throughput figures"));
    assert!(refused("gpt-image-2", "1", good()).contains("leave --output out"));
    assert!(refused("gpt-4.1", "1000000000000", good()).contains("no size of anything"));
    let with_images = MeanRequest {
        image_input: factor("1"),
        ..good()
    };
    assert!(refused("gpt-4.1", "1", with_images).contains("leave --image-input out"));
}
