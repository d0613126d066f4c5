"""Every rule, a line each.

Codes: 1xx reading, 2xx meaning, 3xx a target cannot, 4xx proof, 5xx workload, 6xx files, 7xx import.
"""

from __future__ import annotations

from schedc.diagnostics import Rule, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

INVALID_YAML = Rule("SC101", "invalid-yaml", _E, "the text is not YAML")
DUPLICATE_KEY = Rule("SC102", "duplicate-key", _E, "a key stands twice in one mapping")
UNKNOWN_FIELD = Rule("SC103", "unknown-field", _E, "a key that has no meaning here")
WRONG_TYPE = Rule("SC104", "wrong-type", _E, "a value of another type than the field takes")
MISSING_FIELD = Rule("SC105", "missing-field", _E, "a field that is required and was not given")
INVALID_VALUE = Rule("SC106", "invalid-value", _E, "a value that the field does not take")
INVALID_CRON = Rule(
    "SC107", "invalid-cron", _E, "a cron expression that the Open Cron Pattern Specification does not allow"
)
AMBIGUOUS_DAY_FIELDS = Rule("SC108", "ambiguous-day-fields", _E, "a stepped star beside a restricted day field")
YAML_LIMIT = Rule("SC109", "yaml-limit", _E, "a YAML file beyond the limits of size, depth or aliases")
INVALID_TIME = Rule("SC110", "invalid-time", _E, "a time that cannot be read")
FRACTIONAL_SECOND = Rule("SC111", "fractional-second", _W, "a time with a fraction of a second, which is cut off")
UNKNOWN_TIMEZONE = Rule("SC112", "unknown-timezone", _E, "a time zone that the IANA database does not have")
UNDEFINED_VALUE = Rule("SC113", "undefined-value", _E, "a ${values.NAME} that nothing defines")
SUSPICIOUS_CRON = Rule("SC114", "suspicious-cron", _W, "a cron expression that other tools read in another way")
CLOCK_READ = Rule("SC115", "clock-read", _W, "a time without an offset that a Python source took from a clock")
FAILED_SOURCE = Rule("SC116", "failed-source", _E, "a Python source that raised an error")
DUPLICATE_NAME = Rule("SC117", "duplicate-name", _E, "two schedules of one name")
INVALID_NAME = Rule("SC118", "invalid-name", _E, "a schedule name that cannot be a file name and an identifier")
SKIPPED_PYTHON = Rule("SC119", "skipped-python", _N, "a Python file that was not run because nobody named it")
TOO_MUCH = Rule("SC121", "too-much", _E, "more schedules, values or findings than one run takes")
DECEPTIVE_TEXT = Rule("SC122", "deceptive-text", _E, "a character that makes a source look other than it is")
NO_SCHEDULES = Rule("SC120", "no-schedules", _W, "a file of a folder that looks like schedules and holds none")

TRIGGER_COUNT = Rule("SC201", "trigger-count", _E, "none or several of the three triggers")
INTERVAL_WITHOUT_START = Rule("SC202", "interval-without-start", _E, "an interval with nothing to count from")
END_BEFORE_START = Rule("SC203", "end-before-start", _E, "an end that comes before the start")
NEVER_FIRES = Rule("SC204", "never-fires", _E, "a schedule without an instant inside its bounds")
TIME_IN_GAP = Rule("SC205", "time-in-gap", _E, "a wall time that the zone skips")
TIME_IN_FOLD = Rule("SC206", "time-in-fold", _E, "a wall time that the zone has twice")
CONFLICTING_FIELDS = Rule("SC207", "conflicting-fields", _E, "two fields that contradict each other")
UNUSED_TARGET_OPTIONS = Rule("SC208", "unused-target-options", _W, "options of a target that deploy_to leaves out")
CATCHUP_WITHOUT_START = Rule("SC209", "catchup-without-start", _E, "catch-up of all runs without a start to count from")
BLIND_CATCHUP = Rule("SC210", "blind-catchup", _W, "runs that catch up without knowing which time they stand for")
SHORT_INTERVAL = Rule("SC211", "short-interval", _W, "a bare number of seconds that looks like minutes")
UNUSED_ALLOWANCE = Rule("SC212", "unused-allowance", _W, "a comment that allows what nothing breaks")
INVALID_ALLOWANCE = Rule("SC213", "invalid-allowance", _E, "a comment that allows what cannot be allowed")

UNEVEN_STEP = Rule("SC220", "uneven-step", _W, "a stepped list that looks even, and is not where it starts over")
STAMPEDE = Rule("SC221", "stampede", _W, "more runs that start in one minute than the repository wants")
TOO_OFTEN = Rule("SC222", "too-often", _W, "two runs that are closer to each other than the repository wants")
CLOCK_CHANGE_HOUR = Rule("SC223", "clock-change-hour", _W, "a wall time that its zone skips or repeats on some days")
NO_OWNER = Rule("SC224", "no-owner", _W, "a schedule that nobody owns")
MISREAD_CRON = Rule("SC225", "misread-cron", _W, "a cron expression that people take for another one")
BACKFILL_ON_DEPLOY = Rule("SC226", "backfill-on-deploy", _W, "missed runs that a deployment starts")

UNSUPPORTED = Rule("SC301", "unsupported-by-target", _E, "a thing that the target cannot honour")
MISSING_OPTION = Rule("SC302", "missing-target-option", _E, "an option that the target needs and nobody gave")
TARGET_LIMIT = Rule("SC303", "target-limit", _E, "a value outside what the target can hold")
NOT_DEPLOYED_THERE = Rule("SC304", "not-deployed-there", _E, "a target that the schedule does not list in deploy_to")
TARGET_CHOICE = Rule("SC305", "target-choice", _N, "what the target does where the schedule says nothing")
TARGET_CAVEAT = Rule("SC306", "target-caveat", _W, "a limit of how the target honours a field")

FIRES_OTHERWISE = Rule("SC401", "fires-otherwise", _E, "the engine would fire at other instants")
CLOCK_CHANGE = Rule("SC402", "clock-change", _E, "the engine does not do at a clock change what was declared")
OPEN_CLOCK_CHANGE = Rule("SC403", "open-clock-change", _W, "a clock change that the schedule leaves to the target")
BOUNDS_DIFFER = Rule("SC404", "bounds-differ", _E, "the engine's first or last instant is another one")
SEARCH_LIMIT = Rule("SC405", "search-limit", _E, "the next instant lies beyond what the engine looks ahead")
POLICY_DIFFERS = Rule("SC406", "policy-differs", _E, "an artifact that says another policy than its schedule")
WORKLOAD_DIFFERS = Rule("SC407", "workload-differs", _E, "an artifact that runs something else than its schedule says")
UNREADABLE_ARTIFACT = Rule("SC408", "unreadable-artifact", _E, "an artifact with a construct that schedc cannot read")
METADATA_DIFFERS = Rule("SC409", "metadata-differs", _E, "an artifact with another owner, description or label")
STALE_ARTIFACT = Rule("SC410", "stale-artifact", _W, "an artifact that means the same and is not what schedc writes")

TEMPLATE_TEXT = Rule("SC501", "template-text", _E, "text that the target would expand and that cannot be escaped there")
INVALID_PIPELINE = Rule("SC502", "invalid-pipeline", _E, "a pipeline package that cannot be used")
INVALID_PARAMETER = Rule("SC503", "invalid-parameter", _E, "a parameter that the pipeline does not take")
STEP_ORDER = Rule("SC504", "step-order", _E, "steps that name no step, or run after themselves")
LITERAL_SECRET = Rule("SC505", "literal-secret", _E, "text that looks like a token, a key or a password", True)

UNREADABLE_FILE = Rule("SC601", "unreadable-file", _E, "a file that cannot be read")
NO_SOURCES = Rule("SC602", "no-sources", _E, "nothing to compile")
DRIFT = Rule("SC603", "drift", _E, "an artifact that differs from what its source compiles to")
ORPHAN = Rule("SC604", "orphan", _E, "an artifact that no source compiles to")
MISSING_ARTIFACT = Rule("SC605", "missing-artifact", _E, "an artifact that was not written yet")
UNKNOWN_TARGET = Rule("SC606", "unknown-target", _E, "a target of which schedc knows nothing")
UNKNOWN_SCHEDULE = Rule("SC607", "unknown-schedule", _E, "a schedule name that no source defines")
INVALID_PROJECT = Rule("SC608", "invalid-project-file", _E, "a schedc.toml that cannot be read")
MISSING_EXTRA = Rule("SC609", "missing-extra", _E, "something that needs an optional package")
UNWRITABLE = Rule("SC610", "unwritable-output", _E, "an output that cannot be written")
CONFLICTING_OUTPUT = Rule("SC611", "conflicting-output", _E, "two schedules that would write one file")

NOT_CARRIED = Rule("SC701", "not-carried", _E, "a part of an imported source that is not in what was written")
NOT_IMPORTED = Rule("SC702", "not-imported", _E, "a schedule of an imported source that has no place in schedc")
ASSUMED = Rule("SC703", "assumed", _W, "a thing that an imported source does not say, and that was assumed")
RENAMED = Rule("SC704", "renamed", _N, "an imported schedule that has another name now")
SECRET_LEFT_OUT = Rule("SC705", "secret-left-out", _E, "text of an imported source that looks like a secret")
IMPORT_DIFFERS = Rule("SC706", "import-differs", _E, "an imported schedule that does something else than its source")
CLOCK_CHANGE_TODAY = Rule("SC707", "clock-change-today", _W, "an imported schedule that a clock change hits today")
UNKNOWN_SOURCE = Rule("SC708", "unknown-source", _E, "a file that holds nothing that can be imported")
PASSED_OVER = Rule("SC709", "passed-over", _N, "documents beside imported ones that are no schedules")

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
BY_KEY = {key: rule for rule in RULES for key in (rule.code, rule.name)}
