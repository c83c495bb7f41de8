//! The fixtures that need many rows: sums of every hour of some days, with a gap in the bad ones.

use std::fmt::Write as _;

/// Tens of requests of the hours of a day.
const RHYTHM: [u32; 24] = [
    1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 4, 4, 3, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1,
];

/// What is left out of the bad one: day, hour, region.
type Gap = fn(u32, u32, &str) -> bool;

/// The generated files, by their paths in `samples/rules`.
pub(super) fn files() -> Vec<(String, String)> {
    let one = &["swedencentral"][..];
    let two = &["swedencentral", "westeurope"][..];
    let months: [(&str, u32, &[&str], Gap); 3] = [
        ("TB040", 14, one, |day, hour, _| {
            day == 8 && (9..12).contains(&hour)
        }),
        ("TB041", 14, one, |day, _, _| day == 8),
        ("TB042", 12, two, |day, hour, region| {
            day == 7 && (8..18).contains(&hour) && region == "westeurope"
        }),
    ];
    let written = months.iter().flat_map(|(rule, days, regions, gap)| {
        [
            (format!("{rule}/bad/sums.csv"), hours(*days, regions, *gap)),
            (
                format!("{rule}/good/sums.csv"),
                hours(*days, regions, |_, _, _| false),
            ),
        ]
    });
    written.collect()
}

/// A row for each region and hour, without those of the gap.
fn hours(days: u32, regions: &[&str], gap: Gap) -> String {
    let mut text = "hour,client,engine,region,calls,prompt,answer\n".to_owned();
    for day in 1..=days {
        for (hour, usual) in (0u32..).zip(RHYTHM) {
            let calls = 10 * usual + (day * 7 + hour * 3) % 5;
            let (prompt, answer) = (calls * 1200, calls * 150);
            for region in regions.iter().filter(|region| !gap(day, hour, region)) {
                writeln!(
                    text,
                    "2026-10-{day:02}T{hour:02}:00:00Z,intranet,gpt-4.1,{region},{calls},{prompt},{answer}"
                )
                .unwrap();
            }
        }
    }
    text
}
