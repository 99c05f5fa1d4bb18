//! A file that only its owner may read, whatever stood in its place before.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is being written under another name in the same folder. It takes its own name when it is whole; until
/// then, and if it never is, what had that name stays.
pub(crate) struct PrivateFile {
    path: PathBuf,
    temporary: PathBuf,
    file: BufWriter<File>,
}

impl PrivateFile {
    /// Starts a file for this path.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let mut bits = [0; 8];
        getrandom::fill(&mut bits).map_err(|error| io::Error::other(error.to_string()))?;
        let mut own = name.to_owned();
        own.push(format!(".{:016x}", u64::from_be_bytes(bits)));
        let temporary = path.with_file_name(own);
        let mut options = OpenOptions::new();
        // A new file, so that it has this mode, and nobody has it open or has led its name elsewhere.
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = BufWriter::new(options.open(&temporary)?);
        Ok(Self {
            path: path.to_owned(),
            temporary,
            file,
        })
    }

    /// Gives the whole file its name.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        fs::rename(&self.temporary, &self.path)
    }
}

impl Write for PrivateFile {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.file.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        // Once it has its name, there is nothing to remove.
        let _ = fs::remove_file(&self.temporary);
    }
}
