//! Zone labels in column headers, such as `TimeGenerated [UTC]`.

/// What the label of a time column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// No label, or UTC, or a fixed offset [minutes east of UTC].
    Offset(i32),
    /// A zone that is not a fixed offset: times cannot be brought to UTC.
    Unknown,
}

/// Splits a header into its name and what its label says.
pub(crate) fn label_of(header: &str) -> (&str, Label) {
    let header = header.trim();
    let Some((name, label)) = header
        .strip_suffix(']')
        .and_then(|rest| rest.rsplit_once('['))
    else {
        return (header, Label::Offset(0));
    };
    (name.trim_end(), offset(label.trim()))
}

fn offset(label: &str) -> Label {
    let upper = label.to_ascii_uppercase();
    let rest = match upper.as_str() {
        "UTC" | "GMT" | "Z" => return Label::Offset(0),
        other => other
            .strip_prefix("UTC")
            .or_else(|| other.strip_prefix("GMT")),
    };
    rest.and_then(minutes).map_or(Label::Unknown, Label::Offset)
}

/// `+01:00`, `-5`, `+0530` [minutes].
fn minutes(text: &str) -> Option<i32> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = &text[1..];
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let number = |text: &str| text.parse::<u8>().ok().map(i32::from);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_honoured_or_known_to_be_unknown() {
        for (header, name, label) in [
            ("TimeGenerated", "TimeGenerated", Label::Offset(0)),
            ("TimeGenerated [UTC]", "TimeGenerated", Label::Offset(0)),
            (
                "TimeGenerated [UTC+01:00]",
                "TimeGenerated",
                Label::Offset(60),
            ),
            (
                "TimeGenerated [utc-5]",
                "TimeGenerated",
                Label::Offset(-300),
            ),
            (
                "TimeGenerated [UTC+0530]",
                "TimeGenerated",
                Label::Offset(330),
            ),
            (
                "TimeGenerated [Local Time]",
                "TimeGenerated",
                Label::Unknown,
            ),
            ("TimeGenerated [UTC+99:00]", "TimeGenerated", Label::Unknown),
            (
                "TimeGenerated [UTC+\u{e9}\u{e9}]",
                "TimeGenerated",
                Label::Unknown,
            ),
        ] {
            assert_eq!(label_of(header), (name, label), "{header}");
        }
    }
}
