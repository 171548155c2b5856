//! The D1 migrations of `api/migrations`, built in, so that a platform without wrangler can set itself up. Kept in the
//! table that `wrangler d1 migrations apply` keeps, so that either way can follow the other.

use serde::Deserialize;

use crate::{
    Db, Outcome,
    db::{Statement, sql},
};

/// File name and SQL, oldest first. The list is written by `build.rs` from the folder.
const MIGRATIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Applies what is not yet applied, each migration in one transaction; the names of those applied now.
///
/// # Errors
/// When the database refuses a statement; that migration then has left nothing behind.
pub async fn apply(db: &Db) -> Outcome<Vec<String>> {
    db.run(sql(LEDGER)).await?;
    let known = known(db).await?;
    let mut applied = Vec::new();
    for (name, text) in MIGRATIONS {
        if known.iter().any(|row| row.name == *name) {
            continue;
        }
        let mut batch: Vec<Statement> = statements(text).into_iter().map(sql).collect();
        batch.push(sql("INSERT INTO d1_migrations (name) VALUES (?)").bind(*name));
        match db.batch(batch).await {
            Ok(_) => applied.push((*name).to_owned()),
            // Somebody else has applied it a moment ago.
            Err(failure) if !self::known(db).await?.iter().any(|row| row.name == *name) => {
                return Err(failure);
            }
            Err(_) => {}
        }
    }
    Ok(applied)
}

async fn known(db: &Db) -> Outcome<Vec<Row>> {
    db.all(sql("SELECT name FROM d1_migrations")).await
}

#[derive(Deserialize)]
struct Row {
    name: String,
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, \
    name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)";

/// Splits a script at the semicolons that end statements: not those in comments, in quoted text, or in a trigger, which
/// ends at the semicolon after its `END`.
fn statements(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut current = String::new();
    let mut quoted = false;
    for line in script.lines() {
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\'' => quoted = !quoted,
                '-' if !quoted && characters.peek() == Some(&'-') => break,
                ';' if !quoted && !is_inside_trigger(&current) => {
                    found.push(std::mem::take(&mut current));
                    continue;
                }
                _ => {}
            }
            current.push(character);
        }
        current.push('\n');
    }
    found.push(current);
    found
        .into_iter()
        .filter(|statement| !statement.trim().is_empty())
        .collect()
}

fn is_inside_trigger(statement: &str) -> bool {
    let words = statement.trim().to_ascii_uppercase();
    words.starts_with("CREATE TRIGGER") && !words.ends_with("END")
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn triggers_stay_whole() {
        let script =
            "CREATE TRIGGER t BEFORE DELETE ON u BEGIN SELECT 1; SELECT 2; END;\nSELECT 3;\n";
        assert_eq!(statements(script).len(), 2, "{:?}", statements(script));
    }

    #[test]
    fn semicolons_in_text_and_comments_stay() {
        let script = "-- a; b\nINSERT INTO t VALUES ('x;y', 'it''s'); -- end;\nSELECT 1;\n";
        assert_eq!(statements(script).len(), 2, "{:?}", statements(script));
    }
}
