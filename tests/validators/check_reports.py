"""Reads the reports of `tollbook check` as their consumers do.

usage: check_reports.py FOLDER SARIF_SCHEMA...

FOLDER holds what the test `reports_can_be_validated` wrote. SARIF is held against each schema given,
JSON against the schema of this repository, JUnit XML is read by junitparser, workflow commands,
logging commands and code quality by the rules of GitHub's, Azure's and GitLab's documentation. The
last line counts what passed.
"""

import json
import re
import sys
import urllib.parse
from collections import Counter
from pathlib import Path

import jsonschema
import junitparser

passed = 0
failures = []


def check(truth, what):
    global passed
    if truth:
        passed += 1
    else:
        failures.append(what)


def against(document, schema, what):
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    checker = validator.FORMAT_CHECKER
    errors = validator(schema, format_checker=checker).iter_errors(document)
    first = next(errors, None)
    found = first and f"{what}: {'/'.join(map(str, first.absolute_path))}: {first.message[:300]}"
    check(first is None, found)


def sarif(path, schemas):
    log = json.loads(path.read_text(encoding="utf-8"))
    for name, schema in schemas.items():
        against(log, schema, f"{path.name} against {name}")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    results = run["results"]
    check(len(results) <= 5000 and path.stat().st_size < 10 << 20, f"{path.name}: too large")
    prints = Counter()
    for result in results:
        check(rules[result["ruleIndex"]]["id"] == result["ruleId"], f"{path.name}: ruleIndex")
        prints[(result["partialFingerprints"]["tollbook/v1"], result.get("baselineState"))] += 1
        for location in result["locations"]:
            artifact = location["physicalLocation"]["artifactLocation"]
            uri = urllib.parse.urlsplit(artifact["uri"])
            is_relative = not uri.scheme and not uri.path.startswith("/") and "\\" not in uri.path
            check(is_relative == ("uriBaseId" in artifact), f"{path.name}: {artifact}")
            check(not uri.query and not uri.fragment, f"{path.name}: {artifact}")
    check(max(prints.values(), default=1) == 1, f"{path.name}: fingerprints repeat")
    with_baseline = "baseline" in path.name
    states = {result.get("baselineState") for result in results}
    expected = {"new", "unchanged"} if with_baseline else {None, "unchanged"}
    check(states <= expected, f"{path.name}: baselineState {states}")
    suppressed = [one for one in results if one.get("baselineState") == "unchanged"]
    check(all("suppressions" in one for one in suppressed), f"{path.name}: not suppressed")


def junit(path):
    report = junitparser.JUnitXml.fromfile(str(path))
    suites = list(report)
    cases = [case for suite in suites for case in suite]
    kinds = Counter(type(entry).__name__ for case in cases for entry in case.result)
    check(report.tests == len(cases) == 9, f"{path.name}: {report.tests} tests, {len(cases)} cases")
    check(report.failures == kinds["Failure"], f"{path.name}: failures")
    check(report.skipped == kinds["Skipped"], f"{path.name}: skipped")
    check(len({suite.name for suite in suites}) == len(suites), f"{path.name}: suites repeat")
    fails = json.loads(path.with_name(path.name.replace(".junit.xml", ".json")).read_text())["fails"]
    check((report.failures > 0) == fails, f"{path.name}: failures do not tell that it fails")


COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::(.*)")


def github(path):
    levels = Counter()
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        command = COMMAND.fullmatch(line)
        check(command, f"{path.name}: {line[:80]!r}")
        if not command:
            continue
        level, properties, message = command.groups()
        levels[level] += 1
        names = [one.partition("=")[0] for one in properties.split(",")]
        known = set(names) <= {"file", "line", "col", "title"} and len(names) == len(set(names))
        check(known, f"{path.name}: {properties!r}")
        for text in [properties, message]:
            check(not re.search(r"%(?!25|0D|0A|3A|2C)", text), f"{path.name}: {text!r}")
    check(all(count <= 10 for count in levels.values()), f"{path.name}: {levels}")


ISSUE = re.compile(r"##vso\[task\.logissue ([^\]]*)\](.*)")


def azure(path):
    """The agent looks for `##vso[` and `##[` anywhere in a line."""
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        issue = ISSUE.fullmatch(line)
        text = issue.group(2) if issue else line
        check(not re.search(r"##(vso)?\[", text), f"{path.name}: a command within {line[:80]!r}")
        if not issue:
            continue
        properties = dict(one.partition("=")[::2] for one in issue.group(1).split(";"))
        known = {"type", "sourcepath", "linenumber", "columnnumber", "code"}
        check(set(properties) <= known, f"{path.name}: {properties}")
        check(properties["type"] in ["error", "warning"], f"{path.name}: {properties}")
        check(re.fullmatch(r"TB\d{3}", properties["code"]), f"{path.name}: {properties}")


def gitlab(path):
    issues = json.loads(path.read_text(encoding="utf-8"))
    prints = Counter(issue["fingerprint"] for issue in issues)
    check(max(prints.values(), default=1) == 1, f"{path.name}: fingerprints repeat")
    for issue in issues:
        fields = {"description", "check_name", "fingerprint", "severity", "location"}
        check(set(issue) == fields, f"{path.name}: {set(issue)}")
        check(issue["severity"] in ["info", "minor", "major", "critical", "blocker"], path.name)
        place = issue["location"]
        check(place["path"] and not place["path"].startswith("./"), f"{path.name}: {place}")
        check(place["lines"]["begin"] >= 1, f"{path.name}: {place}")


def read(path, kind, schemas, own):
    match kind:
        case "sarif":
            sarif(path, schemas)
        case "junit.xml":
            junit(path)
        case "github.txt":
            github(path)
        case "azure.txt":
            azure(path)
        case "gitlab.json":
            gitlab(path)
        case "json":
            against(json.loads(path.read_text(encoding="utf-8")), own, path.name)
        case "md":
            check(path.stat().st_size < 1 << 20, f"{path.name}: too large")
        case _:
            check(False, f"{path.name}: of no kind known")


def main(folder, *schema_files):
    schemas = {file: json.loads(Path(file).read_text(encoding="utf-8")) for file in schema_files}
    own = Path(__file__).parents[2] / "docs" / "schema" / "check-1.schema.json"
    own = json.loads(own.read_text(encoding="utf-8"))
    reports = sorted(Path(folder).iterdir())
    kinds = Counter()
    for path in reports:
        kind = path.name.split(".", 1)[1]
        kinds[kind] += 1
        try:
            read(path, kind, schemas, own)
        except (ValueError, SyntaxError, LookupError) as error:
            check(False, f"{path.name}: {type(error).__name__}: {error}")
    for kind in ["sarif", "junit.xml", "github.txt", "gitlab.json", "json", "md"]:
        check(kinds[kind] >= 4, f"{kinds[kind]} reports of {kind}")
    check(schemas, "no schema of SARIF was given")
    print(f"{len(reports)} reports: {passed} passed, {len(failures)} failed")
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
