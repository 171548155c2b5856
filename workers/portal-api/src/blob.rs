//! Large text by its content, in parts that a row can hold.

use model::Hash;
use runtime::{
    Db, Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;

/// The statements that keep `text`, and its name. The same text twice is one.
pub(crate) fn keep(text: &str) -> (Hash, Vec<Statement>) {
    let hash = Hash::of(text.as_bytes());
    let statements = parts(text)
        .into_iter()
        .zip(0_i64..)
        .map(|(part, number)| {
            sql("INSERT OR IGNORE INTO blob (hash, part, content) VALUES (?, ?, ?)")
                .bind(hash.as_str())
                .bind(number)
                .bind(part)
        })
        .collect();
    (hash, statements)
}

/// The text of that name.
pub(crate) async fn read(db: &Db, hash: &str) -> Outcome<String> {
    find(db, hash)
        .await?
        .ok_or_else(|| Failure::Internal(format!("blob {hash} is missing")))
}

/// The text of that name, if it is kept.
pub(crate) async fn find(db: &Db, hash: &str) -> Outcome<Option<String>> {
    #[derive(Deserialize)]
    struct Part {
        content: String,
    }
    let parts: Vec<Part> = db
        .all(sql("SELECT content FROM blob WHERE hash = ? ORDER BY part").bind(hash))
        .await?;
    Ok((!parts.is_empty()).then(|| parts.into_iter().map(|part| part.content).collect()))
}

/// Forgets the texts of these names that nothing refers to any more; goes last in a batch.
pub(crate) fn sweep(hashes: &[&str]) -> Statement {
    let names = serde_json::json!(hashes).to_string();
    sql("DELETE FROM blob WHERE hash IN (SELECT value FROM json_each(?)) AND hash NOT IN (\
         SELECT body FROM api UNION ALL SELECT definition FROM api UNION ALL SELECT body FROM revision \
         UNION ALL SELECT definition FROM revision UNION ALL SELECT hash FROM deployment) \
         AND hash NOT IN (SELECT contract FROM deployment) \
         AND hash NOT IN (SELECT definition FROM service) AND hash NOT IN (SELECT source FROM api) AND hash NOT IN (SELECT source FROM revision) \
         AND hash NOT IN (SELECT content FROM document) AND hash NOT IN (SELECT content FROM thumbnail)")
    .bind(names)
}

/// Cuts at character boundaries, [`PART_BYTES`] at the most each; an empty text is one empty part.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > PART_BYTES {
        let mut cut = PART_BYTES;
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        let Some((part, tail)) = rest.split_at_checked(cut) else {
            break;
        };
        parts.push(part);
        rest = tail;
    }
    parts.push(rest);
    parts
}

/// D1 rows hold 2 MB at the most; a quarter of a megabyte leaves room for the bytes that a character may take.
const PART_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_the_whole_again() {
        for text in [
            "",
            "a",
            &"é".repeat(PART_BYTES),
            &"x".repeat(PART_BYTES * 2),
        ] {
            let found = parts(text);
            assert!(found.iter().all(|part| part.len() <= PART_BYTES));
            assert_eq!(found.concat(), text);
        }
    }
}
