//! What the engine leaves to its file: a check of the file, and an index that its own schema lacks.
//!
//! Before each write to a table with a stream the engine looks for the last sequence number in its table of stream
//! records, which has no index for that: after some ten thousand writes this takes most of the time. The index makes
//! it one step. This leans on the private schema of the engine's exact version, so a test holds the two together.

use std::path::Path;

use rusqlite::{Connection, ErrorCode};

use crate::Error;

const STATEMENT: &str = "CREATE INDEX IF NOT EXISTS aws_local_last_stream_record \
     ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// Refuses a file that is damaged. `SQLite` takes an empty one for a new one.
pub(super) fn check(file: &Path) -> Result<(), Error> {
    let damaged = |reason: String| Error::Damaged(file.to_owned(), reason);
    if file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
        return Err(damaged("it is empty".to_owned()));
    }
    let checked = Connection::open(file).and_then(|connection| {
        connection.query_row("PRAGMA quick_check(1)", (), |row| row.get::<_, String>(0))
    });
    match checked {
        Ok(found) if found == "ok" => Ok(()),
        Ok(found) => Err(damaged(found.replace('\n', " "))),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Err(damaged(error.to_string())),
            _ => Err(Error::File(file.to_owned(), error.to_string())),
        },
    }
}

/// Adds the index, once, after the engine made its schema and before it serves.
pub(super) fn ensure_index(name: &str) -> rusqlite::Result<()> {
    Connection::open(name)?.execute_batch(STATEMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the engine asks before each write (dynoxide 3.2.0, `Storage::next_stream_sequence_number`).
    const ASKED: &str = "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 \
         FROM _stream_records WHERE table_name = ?1";

    fn plan(name: &str) -> String {
        let connection = Connection::open(name).unwrap();
        connection
            .query_row(&format!("EXPLAIN QUERY PLAN {ASKED}"), ["t"], |row| {
                row.get("detail")
            })
            .unwrap()
    }

    fn assert_indexed(name: &str) {
        let _database = dynoxide::Database::new(name).unwrap();
        assert!(!plan(name).contains("INDEX"), "{}", plan(name));
        ensure_index(name).unwrap();
        ensure_index(name).unwrap();
        assert!(
            plan(name).contains("aws_local_last_stream_record"),
            "{}",
            plan(name)
        );
    }

    #[test]
    fn the_engines_question_before_each_write_uses_the_index_in_a_file() {
        let place = tempfile::tempdir().unwrap();
        assert_indexed(place.path().join("table.sqlite").to_str().unwrap());
    }

    #[test]
    fn the_engines_question_before_each_write_uses_the_index_in_memory() {
        assert_indexed("file:/stream-index-test?vfs=memdb");
    }
}
