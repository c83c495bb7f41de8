//! Which apps can wait.

use crate::plan::error::PlanError;
use crate::plan::study::Study;
use crate::sim::setup::AppPattern;
use crate::spelling;
use crate::workload::App;

/// The apps that can wait: those asked for, else those that the scenario queues. Nobody else can
/// tell, so there may be none.
pub(super) fn movable(study: &Study, asked: &[String]) -> Result<Vec<String>, PlanError> {
    let known = || study.survey.apps.keys().map(String::as_str);
    if asked.is_empty() {
        let candidate = &study.curves[study.answers.recommended().curve].candidate;
        let setup = &candidate.built.setup;
        let waits = |name: &&str| setup.rules_for(&App::named(name)).queue.is_some();
        return Ok(known().filter(waits).map(str::to_owned).collect());
    }
    let mut found = Vec::new();
    for name in asked {
        let pattern = AppPattern(name.clone());
        let before = found.len();
        let matching = known().filter(|known| pattern.matches(&App::named(known)));
        found.extend(matching.map(str::to_owned));
        if found.len() == before {
            let nearest = spelling::hint(name, known());
            let message = format!(
                "{name:?} is no app of the traffic; expected the name of an app that can wait\
                 {nearest}"
            );
            return Err(PlanError::Unplannable(message));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}
