//! The runner's command line.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use countersign_domain::eservice::EServiceId;
use jiff::Timestamp;
use tokio::runtime::Handle;

use aws_local::eventbridge::EventFaults;
use aws_local::ses::SesFaults;

use crate::template::STACK;

/// Where the runner listens by default.
pub const DEFAULT_PORT: u16 = 9000;

/// The folder that holds the data unless another one is named. It is git-ignored.
pub const DEFAULT_FOLDER: &str = ".countersign";

/// The longest pause before a function that failed is called again. On AWS it is a minute and more; here nobody shall
/// wait that long.
const LONGEST_RETRY_PAUSE: Duration = Duration::from_secs(3);

/// What `--help` prints.
pub const HELP: &str = "\
Countersign on this machine: the API, the table, mail, sign-in and demonstration people, from template.yaml.

Usage: countersign [OPTIONS]      (cargo run -- [OPTIONS])

  --port PORT                   listen on http://localhost:PORT (default 9000; 0 takes a free one)
  --data DIR                    keep the data in DIR (default .countersign); a restart finds it
  --in-memory                   keep nothing
  --dynamodb URL                keep the table in the DynamoDB at URL, and nothing else, e.g. AWS's DynamoDB Local
  --stack NAME                  name the stack, and so its table, NAME (default countersign)
  --clock TIME                  start the clock at TIME, e.g. 2023-03-27T10:43:00+08:00; it runs on from there
  --first-reference DA3=NUMBER  give NUMBER to the first request, e.g. DA3=13361 for DA3_00013361
  --set NAME=VALUE              set a parameter of template.yaml, e.g. CampaignOpens=2023-02-01
  --sam-build DIR               run the programs and the template that `sam build` left in DIR, e.g. .aws-sam/build: each
                                function is a process with its own environment and grants; excludes --clock
  --help                        print this

Without --clock the campaign is put around today: opened a week ago, deadline in 32 days.
";

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// In a folder, which a restart reads again.
    Folder(PathBuf),
    /// In memory, until the runner stops.
    InMemory,
    /// The table in another DynamoDB, by its address; everything else in memory.
    Elsewhere(String),
}

/// Given the engine's endpoint, the endpoint that the functions shall use instead: a proxy that a test puts between.
pub type EndpointOverride = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// How to start the runner.
#[derive(Clone)]
pub struct Options {
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// Where the data lives.
    pub data: Data,
    /// The stack's name, which the names of its resources start with.
    pub stack: String,
    /// Where the clock starts; `None` for the system's clock and a campaign around today.
    pub clock: Option<Timestamp>,
    /// The first number of each named eService's references.
    pub first_references: BTreeMap<EServiceId, u64>,
    /// Values for parameters of the template.
    pub settings: BTreeMap<String, String>,
    /// The folder in which `sam build` left the functions' programs and the template; without one, the functions of this
    /// program and the template as of its build.
    pub sam_build: Option<PathBuf>,
    /// Puts a proxy between the functions and the table.
    pub endpoint_override: Option<EndpointOverride>,
    /// Makes SES fail where a test wants it to.
    pub ses_faults: Option<SesFaults>,
    /// Makes the event bus refuse what a test wants it to.
    pub event_faults: Option<EventFaults>,
    /// Whether the template's schedules run by the clock. A run by hand is always there.
    pub run_schedules: bool,
    /// The runtime that answers HTTP. Without it, the caller's runtime does.
    pub http: Option<Handle>,
    /// The longest pause before a stream, a queue, a topic or a schedule calls a function again that failed.
    pub longest_retry_pause: Duration,
}

/// A command line that can't be followed, said in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(String);

/// What a command line asks for.
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Start the runner.
    Start(Box<Options>),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: DEFAULT_PORT,
            data: Data::Folder(PathBuf::from(DEFAULT_FOLDER)),
            stack: STACK.to_owned(),
            clock: None,
            first_references: BTreeMap::new(),
            settings: BTreeMap::new(),
            sam_build: None,
            endpoint_override: None,
            ses_faults: None,
            event_faults: None,
            run_schedules: true,
            http: None,
            longest_retry_pause: LONGEST_RETRY_PAUSE,
        }
    }
}

impl Options {
    /// A runner that keeps nothing, on a free port: what a test starts from. A clock that is set past a schedule's time
    /// shall not surprise it with a run.
    pub fn in_memory() -> Self {
        Self {
            port: 0,
            data: Data::InMemory,
            run_schedules: false,
            ..Self::default()
        }
    }

    /// Sets a parameter of the template.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl Command {
    /// Reads a command line, without the program's own name.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, UsageError> {
        let mut options = Options::default();
        let mut places = Vec::new();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let (flag, attached) = match argument.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
                _ => (argument, None),
            };
            let mut value = |example: &str| {
                attached
                    .clone()
                    .or_else(|| arguments.next())
                    .ok_or_else(|| UsageError(format!("{flag} needs a value, e.g. {flag} {example}")))
            };
            match flag.as_str() {
                "--help" | "-h" => return Ok(Self::Help),
                "--port" => options.port = port(&value("9000")?)?,
                "--data" => places.push(Data::Folder(PathBuf::from(value(DEFAULT_FOLDER)?))),
                "--in-memory" if attached.is_none() => places.push(Data::InMemory),
                "--dynamodb" => places.push(elsewhere(&value("http://localhost:8000")?)?),
                "--stack" => options.stack = stack(&value(STACK)?)?,
                "--clock" => options.clock = Some(clock(&value("2023-03-27T10:43:00+08:00")?)?),
                "--first-reference" => {
                    let (eservice, number) = first_reference(&value("DA3=13361")?)?;
                    options.first_references.insert(eservice, number);
                }
                "--set" => {
                    let (name, value) = setting(&value("CampaignOpens=2023-02-01")?)?;
                    options.settings.insert(name, value);
                }
                "--sam-build" => options.sam_build = Some(PathBuf::from(value(".aws-sam/build")?)),
                _ => {
                    return Err(UsageError(format!(
                        "there is no option {flag}; --help lists them"
                    )));
                }
            }
        }
        if let Some(place) = places.pop() {
            if !places.is_empty() {
                let refusal = "--data, --in-memory and --dynamodb exclude each other";
                return Err(UsageError(refusal.to_owned()));
            }
            options.data = place;
        }
        if options.sam_build.is_some() && options.clock.is_some() {
            let refusal = "--sam-build and --clock exclude each other: the programs read the system's clock";
            return Err(UsageError(refusal.to_owned()));
        }
        Ok(Self::Start(Box::new(options)))
    }
}

fn port(text: &str) -> Result<u16, UsageError> {
    text.parse()
        .map_err(|_| UsageError(format!("--port takes a number from 0 to 65535, not {text:?}")))
}

/// The wire of a DynamoDB on this machine is not encrypted.
fn elsewhere(text: &str) -> Result<Data, UsageError> {
    let address = text
        .strip_prefix("http://")
        .map(|rest| rest.trim_end_matches('/'));
    match address {
        Some(address) if !address.is_empty() && !address.contains('/') => {
            Ok(Data::Elsewhere(format!("http://{address}")))
        }
        _ => Err(UsageError(format!(
            "--dynamodb takes an address such as http://localhost:8000, not {text:?}"
        ))),
    }
}

/// As CloudFormation takes it, and short enough for the names that begin with it.
fn stack(text: &str) -> Result<String, UsageError> {
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let rest = |other: char| other.is_ascii_alphanumeric() || other == '-';
    if starts && text.len() <= 32 && text.chars().all(rest) {
        return Ok(text.to_owned());
    }
    Err(UsageError(format!(
        "--stack takes up to 32 letters, digits and hyphens that begin with a letter, not {text:?}"
    )))
}

fn clock(text: &str) -> Result<Timestamp, UsageError> {
    text.parse().map_err(|_| {
        UsageError(format!(
            "--clock takes an RFC 3339 time with its offset, e.g. 2023-03-27T10:43:00+08:00, not {text:?}"
        ))
    })
}

/// A reference has eight digits, so the first number has at most as many.
fn first_reference(text: &str) -> Result<(EServiceId, u64), UsageError> {
    let refusal = || {
        UsageError(format!(
            "--first-reference takes an eService and a number from 1 to 99999999, e.g. DA3=13361, not {text:?}"
        ))
    };
    let (eservice, number) = text.split_once('=').ok_or_else(refusal)?;
    let eservice = EServiceId::parse(eservice).ok_or_else(refusal)?;
    let number = number
        .parse()
        .ok()
        .filter(|number| (1..=99_999_999).contains(number));
    Ok((eservice, number.ok_or_else(refusal)?))
}

fn setting(text: &str) -> Result<(String, String), UsageError> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(UsageError(format!(
            "--set takes NAME=VALUE, e.g. CampaignOpens=2023-02-01, not {text:?}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, UsageError> {
        Command::parse(line.split_whitespace().map(str::to_owned))
    }

    fn options(line: &str) -> Options {
        match parse(line).unwrap() {
            Command::Start(options) => *options,
            Command::Help => panic!("{line} asks for help"),
        }
    }

    #[test]
    fn without_flags_it_listens_on_9000_and_keeps_its_data_in_a_folder() {
        let options = options("");
        assert_eq!(options.port, 9000);
        assert_eq!(options.data, Data::Folder(PathBuf::from(".countersign")));
        assert_eq!(options.clock, None);
    }

    #[test]
    fn every_flag_is_understood_in_both_ways_of_writing() {
        for line in [
            "--port 9100 --in-memory --clock 2023-02-07T10:43:00+08:00 --set CampaignOpens=2023-02-01 \
             --first-reference DA3=13361",
            "--port=9100 --in-memory --clock=2023-02-07T10:43:00+08:00 --set=CampaignOpens=2023-02-01 \
             --first-reference=DA3=13361",
        ] {
            let options = options(line);
            assert_eq!(options.port, 9100);
            assert_eq!(options.data, Data::InMemory);
            assert_eq!(options.clock, Some("2023-02-07T02:43:00Z".parse().unwrap()));
            assert_eq!(options.settings["CampaignOpens"], "2023-02-01");
            assert_eq!(options.first_references[&EServiceId::Da3], 13361);
        }
        assert_eq!(
            options("--data /srv/x").data,
            Data::Folder(PathBuf::from("/srv/x"))
        );
        let elsewhere = options("--dynamodb http://localhost:8000/ --stack=second");
        assert_eq!(
            elsewhere.data,
            Data::Elsewhere("http://localhost:8000".to_owned())
        );
        assert_eq!(elsewhere.stack, "second");
        let built = options("--sam-build .aws-sam/build").sam_build;
        assert_eq!(built, Some(PathBuf::from(".aws-sam/build")));
        assert!(matches!(parse("--port 1 --help").unwrap(), Command::Help));
    }

    #[test]
    fn a_bad_flag_is_refused_in_one_line_that_names_it() {
        for (line, named) in [
            ("--prot 9000", "--prot"),
            ("9000", "9000"),
            ("--port", "--port"),
            ("--port 65536", "65536"),
            ("--port nine", "nine"),
            ("--clock 2023-02-07", "2023-02-07"),
            ("--first-reference DA3", "DA3"),
            ("--first-reference SCard9=1", "SCard9=1"),
            ("--first-reference DA3=0", "DA3=0"),
            ("--first-reference DA3=100000000", "DA3=100000000"),
            ("--set CampaignOpens", "CampaignOpens"),
            ("--set =1", "=1"),
            ("--in-memory=yes", "--in-memory"),
            ("--in-memory --data x", "--data"),
            ("--dynamodb http://localhost:8000 --in-memory", "--in-memory"),
            ("--dynamodb localhost:8000", "localhost:8000"),
            ("--dynamodb https://dynamodb.example", "https://dynamodb.example"),
            ("--dynamodb http://localhost/x", "http://localhost/x"),
            ("--sam-build x --clock 2023-02-07T10:43:00+08:00", "--clock"),
            ("--stack 2nd", "2nd"),
            ("--stack a_b", "a_b"),
        ] {
            let refusal = parse(line).err().unwrap().to_string();
            assert!(refusal.contains(named), "{line}: {refusal}");
            assert!(!refusal.contains('\n'), "{line}: {refusal}");
        }
    }
}
