//! Hours, days and regions that are missing against the rhythm of the series itself.

use std::ops::Range;

use chrono::NaiveDate;

use super::course::Course;
use super::gap::{Gap, gaps};
use crate::check::tally::Series;
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::spelling::{counted, whole};

/// TB040.
pub(super) static HOURS: Rule = Family::Completeness.rule(
    "TB040",
    "missing-hours",
    Severity::Warning,
    [
        "there are hours without a request in which the rhythm expects many",
        "An export that lost hours charges too little, and nobody sees it in a total. What an hour \
         should have is the median of the same hour of the nearest comparable days (weekdays among \
         weekdays, weekend days among weekend days; all days where fewer than 3 are comparable; \
         nothing below 3 days), or what those before or those after say by themselves if that is \
         less. A run of silent hours is told when it should have had at least `gap_requests`, when \
         no more than one silence in ten days lost a third as much, when neighbouring weeks are \
         not silent at that time too, and when chance would make it in fewer than one of a hundred \
         such series (a negative binomial that scatters as the series does). A gap in all requests \
         is told once, not for each caller. Before the first and after the last request of a \
         caller nothing is expected.",
        "export these hours again; if the service was down or the app paused, raise `gap_requests` \
         in `[check.limits]` or add the finding to the baseline",
    ],
);

/// TB041.
pub(super) static DAYS: Rule = Family::Completeness.rule(
    "TB041",
    "missing-days",
    Severity::Warning,
    [
        "there are whole days without a request on which the rhythm expects many",
        "A day whose file was never delivered is missing from every statement. Told when the \
         silence covers at least one whole UTC day; judged as `missing-hours` is, by the limit \
         `gap_requests`.",
        "export these days again; if it was a holiday or the app paused, raise `gap_requests` in \
         `[check.limits]` or add the finding to the baseline",
    ],
);

/// TB042.
pub(super) static REGION: Rule = Family::Completeness.rule(
    "TB042",
    "missing-region",
    Severity::Warning,
    [
        "one region or backend is silent while other traffic goes on",
        "Each region often has a gateway and a log of its own, and one of them is easily left out. \
         Judged as `missing-hours` is, by the limit `gap_requests`, up to the last hour with any \
         request; it is not told where others took the traffic over, that is, where they have more \
         than usual by at least half of what is missing and by a fifth of their own.",
        "look for the export of this region or backend; if it was taken out of service, add the \
         finding to the baseline",
    ],
);

/// What is told of one gap: the rule, the gap, and its hours in words.
struct Told {
    rule: &'static Rule,
    gap: Gap,
    span: String,
}

/// The gaps of every series: those of all requests first, then regions and backends, then callers;
/// what is told of one is not told again of its parts.
pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(period) = evidence.period else {
        return Vec::new();
    };
    let course = |series: &Series| Course::of(evidence.rhythm.series.get(series)?, period);
    let Some(all) = course(&Series::All) else {
        return Vec::new();
    };
    let least = evidence.settings.limits().gap_requests;
    let mut told: Vec<Lost> = Vec::new();
    let mut findings = Vec::new();
    for (series, course) in in_order(evidence)
        .into_iter()
        .filter_map(|series| Some((series, course(series)?)))
    {
        let course = if is_place(series) {
            course.until_end_of(&all)
        } else {
            course
        };
        let part = (*series != Series::All).then_some(&all);
        let mut gaps = gaps(&course, part, least);
        gaps.retain(|gap| {
            let moved = is_place(series) && is_taken_over(gap, &course, &all);
            !moved && !is_told(gap, (&course, &all), &told)
        });
        if *series != Series::All {
            let lost = gaps.iter().filter_map(|gap| {
                let run = run_in(gap, &course, &all)?;
                Some((run, gap.expected))
            });
            told.extend(lost);
        }
        findings.extend(of_series(series, &course, gaps));
    }
    findings
}

/// The series in the order they are judged: a region explains its backends, a backend its callers.
fn in_order<'a>(evidence: &'a Evidence<'_>) -> Vec<&'a Series> {
    let mut series: Vec<&Series> = evidence.rhythm.series.keys().collect();
    series.sort_by_key(|series| match series {
        Series::All => 0,
        Series::Region(_) => 1,
        Series::Backend(_) => 2,
        Series::Caller(_) => 3,
    });
    series
}

const fn is_place(series: &Series) -> bool {
    matches!(series, Series::Region(_) | Series::Backend(_))
}

/// The hours of a gap, by their numbers in the series of all requests.
fn run_in(gap: &Gap, course: &Course, all: &Course) -> Option<Range<usize>> {
    let start = course.hour_in(all, gap.run.start)?;
    Some(start..start + gap.run.len())
}

/// Hours that were told, and the requests that are usual in them.
type Lost = (Range<usize>, u64);

/// Whether a region or backend that was told explains at least half of a gap: of its hours, and of
/// its requests, for one that is used once a day is silent for a day where a caller lost much more.
fn is_told(gap: &Gap, (course, all): (&Course, &Course), told: &[Lost]) -> bool {
    let Some(run) = run_in(gap, course, all) else {
        return false;
    };
    told.iter().any(|(other, lost)| {
        let (start, end) = (run.start.max(other.start), run.end.min(other.end));
        end.saturating_sub(start) * 2 >= run.len() && lost * 2 >= gap.expected
    })
}

/// Whether others had more than usual while this region or backend was silent.
fn is_taken_over(gap: &Gap, course: &Course, all: &Course) -> bool {
    let Some(run) = run_in(gap, course, all) else {
        return false;
    };
    let (mut had, mut usual) = (0u64, 0u64);
    for (here, there) in gap.run.clone().zip(run.clone()) {
        let own = course.expected(here, &gap.run);
        let (Some(own), Some(whole)) = (own, all.expected(there, &run)) else {
            continue;
        };
        had += u64::from(all.requests(there).unwrap_or(0));
        usual += u64::from(whole.requests.saturating_sub(own.requests));
    }
    let more = had.saturating_sub(usual);
    more * 2 >= gap.expected && more * 5 >= usual
}

/// The findings on one series: one of each rule, however many gaps there are.
fn of_series(series: &Series, course: &Course, gaps: Vec<Gap>) -> Vec<Finding> {
    let told: Vec<Told> = gaps
        .into_iter()
        .map(|gap| tell(series, course, gap))
        .collect();
    [&HOURS, &DAYS, &REGION]
        .into_iter()
        .filter_map(|rule| {
            let alike: Vec<&Told> = told.iter().filter(|one| one.rule.id == rule.id).collect();
            let count = u64::try_from(alike.len()).expect("a count of what is in memory");
            let message = message(series, &alike)?;
            Some(Finding::of(rule, subject(series), message).times(count))
        })
        .collect()
}

fn tell(series: &Series, course: &Course, gap: Gap) -> Told {
    let days = course.whole_days(&gap.run);
    let is_days = days.start < days.end;
    let rule = match series {
        Series::Region(_) | Series::Backend(_) => &REGION,
        Series::All | Series::Caller(_) if is_days => &DAYS,
        Series::All | Series::Caller(_) => &HOURS,
    };
    let hours = || {
        let (from, until) = (course.moment(gap.run.start), course.moment(gap.run.end));
        format!("from {from} until {until}")
    };
    let span = if is_days && rule.id == DAYS.id {
        format!("{} ({})", of_days(&days), hours())
    } else {
        hours()
    };
    Told { rule, gap, span }
}

fn of_days(days: &Range<NaiveDate>) -> String {
    let last = days.end.pred_opt().unwrap_or(days.start);
    if last == days.start {
        format!("on {last}")
    } else {
        format!("on the days {} to {last}", days.start)
    }
}

/// What is said of the gaps of a series: the one that lost most, and how many more there are.
fn message(series: &Series, told: &[&Told]) -> Option<String> {
    let worst = told.iter().rev().max_by_key(|one| one.gap.expected)?;
    let expected = whole(worst.gap.expected);
    let days = counted(worst.gap.days as u64, "comparable day");
    let more = match told.len() - 1 {
        0 => String::new(),
        more => format!("; and {}", counted(more as u64, "more such gap")),
    };
    Some(format!(
        "{} no request {}; expected about {expected} by the same hours of {days}{more}",
        subject_in_words(series),
        worst.span,
    ))
}

/// What tells findings on series apart.
fn subject(series: &Series) -> String {
    match series {
        Series::All => "all requests".to_owned(),
        Series::Caller(name) => format!("caller {name}"),
        Series::Region(name) => format!("region {name}"),
        Series::Backend(name) => format!("backend {name}"),
    }
}

fn subject_in_words(series: &Series) -> String {
    match series {
        Series::All => "the whole export has".to_owned(),
        Series::Caller(name) if name.is_empty() => "callers without a name have".to_owned(),
        Series::Caller(name) => format!("caller {name:?} has"),
        Series::Region(name) => format!("region {name:?} has"),
        Series::Backend(name) => format!("backend {name:?} has"),
    }
}

#[cfg(test)]
mod tests;
