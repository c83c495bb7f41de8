use super::*;

#[test]
fn an_empty_file_is_a_configuration() {
    let config = Config::parse("", "tollbook.toml").unwrap();
    assert_eq!(config.policy.currency, "USD");
    assert_eq!(config.policy.minor_digits, 2);
}
