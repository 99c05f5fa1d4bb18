//! An index that the engine's own schema lacks.
//!
//! Before each write to a table with a stream the engine looks for the last sequence number in its table of stream
//! records, which has no index for that: after some ten thousand writes this takes most of the time. The index makes
//! it one step. This leans on the private schema of the engine's exact version, so a test holds the two together.

use rusqlite::Connection;

const STATEMENT: &str = "CREATE INDEX IF NOT EXISTS aws_local_last_stream_record \
     ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// Adds the index, once, after the engine made its schema and before it serves.
pub(super) fn ensure(name: &str) -> rusqlite::Result<()> {
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
        ensure(name).unwrap();
        ensure(name).unwrap();
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
