//! Why the runner could not start, in one line each.

use std::fmt;
use std::path::PathBuf;

use aws_local::cloudformation::{SettingError, TemplateError};

/// Why the runner could not start.
#[derive(Debug)]
pub enum StartError {
    /// Somebody else listens on the port.
    PortInUse(u16),
    /// The port can't be listened on for another reason.
    Port(u16, std::io::Error),
    /// The data folder, or a file in it, can't be used.
    Data(PathBuf, String),
    /// A file of the data folder does not hold what was kept in it, and why.
    Damaged(PathBuf, String),
    /// Another runner uses the data folder.
    DataInUse(PathBuf),
    /// A parameter of the template can't take the value it was given.
    Setting(SettingError),
    /// The template says something that this runner can't build.
    Template(TemplateError),
    /// A function can't start with the environment that the template gives it.
    Function(String, String),
    /// The embedded engine can't be started or refused what the start writes.
    Engine(String),
}

impl StartError {
    /// Whether what was asked for is at fault, and not the machine.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Setting(_) => true,
            Self::PortInUse(_)
            | Self::Port(..)
            | Self::Data(..)
            | Self::Damaged(..)
            | Self::DataInUse(_)
            | Self::Template(_)
            | Self::Function(..)
            | Self::Engine(_) => false,
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PortInUse(port) => {
                write!(
                    f,
                    "port {port} is in use; stop what listens there, or take another with --port"
                )
            }
            Self::Port(port, error) => write!(f, "can't listen on port {port}: {error}"),
            Self::Data(path, reason) => write!(f, "can't use the data in {}: {reason}", path.display()),
            Self::Damaged(path, reason) => write!(
                f,
                "{} is damaged ({reason}): restore it from a copy; or to begin anew, delete the folder or name another \
                 with --data",
                path.display()
            ),
            Self::DataInUse(path) => write!(
                f,
                "the data folder {} is in use by another countersign; stop it, or name another with --data",
                path.display()
            ),
            Self::Setting(error) => error.fmt(f),
            Self::Template(error) => error.fmt(f),
            Self::Function(name, reason) => write!(f, "the function {name} can't start: {reason}"),
            Self::Engine(reason) => write!(f, "the embedded table can't be used: {reason}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<TemplateError> for StartError {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Setting(error) => Self::Setting(error),
            other => Self::Template(other),
        }
    }
}

impl From<aws_local::Error> for StartError {
    fn from(error: aws_local::Error) -> Self {
        match error {
            aws_local::Error::File(path, reason) => Self::Data(path, reason),
            aws_local::Error::Damaged(path, reason) => Self::Damaged(path, reason),
            aws_local::Error::Engine(reason) => Self::Engine(reason),
            aws_local::Error::Template(error) => error.into(),
        }
    }
}
