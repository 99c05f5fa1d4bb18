//! Why the runner could not start, in one line each.

use std::path::PathBuf;

use aws_local::Error;
use aws_local::cloudformation::TemplateError;

/// Why the runner could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("port {0} is in use; stop what listens there, or take another with --port")]
    PortInUse(u16),
    /// The port can't be listened on for another reason.
    #[error("can't listen on port {0}: {1}")]
    Port(u16, std::io::Error),
    /// The data folder, or a file in it, can't be used.
    #[error("can't use the data in {path}: {1}", path = .0.display())]
    Data(PathBuf, String),
    /// A file of the data folder does not hold what was kept in it, and why.
    #[error(
        "{path} is damaged ({1}): restore it from a copy; or to begin anew, delete the folder or name another with --data",
        path = .0.display()
    )]
    Damaged(PathBuf, String),
    /// Another runner uses the data folder.
    #[error("the data folder {} is in use by another countersign; stop it, or name another with --data", .0.display())]
    DataInUse(PathBuf),
    /// The template says something that this runner can't build, or a parameter can't take the value it was given.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// What `sam build` left can't be read, and why.
    #[error("can't read {path} ({1}): name the folder that `sam build` made", path = .0.display())]
    SamBuild(PathBuf, String),
    /// The clock would not be the system's, which the functions' own programs read.
    #[error(
        "the data was last used at a time that the system's clock, which the functions' programs read, has not reached; \
         name another folder with --data"
    )]
    Clock,
    /// A function can't start with the environment that the template gives it.
    #[error("the function {0} can't start: {1}")]
    Function(String, String),
    /// The table's engine can't be started or refused what the start writes.
    #[error("the table can't be used: {0}")]
    Engine(String),
}

impl StartError {
    /// Whether what was asked for is at fault, and not the machine.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Template(TemplateError::Setting(_)))
    }
}

impl From<Error> for StartError {
    fn from(error: Error) -> Self {
        match error {
            Error::File(path, reason) => Self::Data(path, reason),
            Error::Damaged(path, reason) => Self::Damaged(path, reason),
            Error::Engine(reason) => Self::Engine(reason),
            Error::Template(error) => error.into(),
        }
    }
}
